using System.Text;

namespace Rer.Cli;

/// <summary>Where a command reads and writes: the process's own streams, or a test's.</summary>
/// <param name="In">What is piped in.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and errors, so that results can be piped on.</param>
/// <param name="IsTerminal">Whether <paramref name="Error"/> is a terminal, where a line can be written over.</param>
internal sealed record CommandConsole(TextReader In, TextWriter Out, TextWriter Error, bool IsTerminal)
{
    /// <summary>What is piped in as it is, before it becomes text; null where <see cref="In"/> is a text to begin with.</summary>
    public Stream? RawIn { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 100;

    public static CommandConsole OfProcess()
    {
        var plain = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.OutputEncoding = plain;
        Console.InputEncoding = plain;
        var terminal = !Console.IsErrorRedirected;
        return new CommandConsole(Console.In, Console.Out, Console.Error, terminal)
        {
            RawIn = Console.IsInputRedirected ? Console.OpenStandardInput() : null,
            Width = terminal ? Math.Max(40, Console.WindowWidth) : 100,
        };
    }
}
