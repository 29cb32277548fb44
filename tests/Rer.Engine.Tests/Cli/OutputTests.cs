using Rer.Cli;
using Rer.Cli.Output;
using Spectre.Console;

namespace Rer.Engine.Tests.Cli;

public sealed class OutputTests
{
    [Fact]
    public void A_table_is_as_wide_as_its_cells_and_takes_brackets_as_they_are()
    {
        var table = new TextTable("name", "mean") { WordColumns = 1 };
        table.Add("[red]x[/]", "0.5");
        table.Add("漢字", "-12.25");
        table.Add(new string('w', 300), "1");

        var lines = Written(table.Write);

        Assert.Equal($"name{new string(' ', 296)}    mean", lines[0]);
        Assert.Equal($"[red]x[/]{new string(' ', 291)}     0.5", lines[1]);
        Assert.StartsWith("漢字", lines[2]);
        Assert.EndsWith("  -12.25", lines[2]);
        Assert.Equal($"{new string('w', 300)}       1", lines[3]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void A_table_without_headings_begins_with_its_first_row()
    {
        var table = new TextTable("", "") { WordColumns = 2 };
        table.Add("format", "llama");
        Assert.Equal(["format  llama"], Written(table.Write));
    }

    [Fact]
    public void On_a_terminal_progress_is_a_bar_that_goes_away()
    {
        using var written = new StringWriter { NewLine = "\n" };
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(written),
        });
        var status = new StatusLine(new CommandConsole(TextReader.Null, TextWriter.Null, written, terminal));

        status.Show(0.25, () => "step 1/4 [half]");
        SpinWait.SpinUntil(() => written.ToString().Contains("step 1/4 [half]"), TimeSpan.FromSeconds(20));
        status.Clear();

        var text = written.ToString();
        Assert.Contains("━━━━━━", text);
        Assert.Contains(" step 1/4 [half]", text);
        // The last that is written erases the line and shows the cursor again.
        Assert.EndsWith("\e[?25h", text);
        Assert.Contains("\e[2K", text);
    }

    [Fact]
    public void In_a_pipe_progress_is_a_line_now_and_then()
    {
        using var written = new StringWriter { NewLine = "\n" };
        var status = new StatusLine(new CommandConsole(TextReader.Null, TextWriter.Null, written));
        status.Show(0.5, () => "too soon for a line");
        status.Clear();
        Assert.Equal("", written.ToString());
    }

    private static string[] Written(Action<TextWriter> write)
    {
        using var output = new StringWriter { NewLine = "\n" };
        write(output);
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
