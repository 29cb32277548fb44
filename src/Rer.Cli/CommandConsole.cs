using System.Text;
using Spectre.Console;

namespace Rer.Cli;

/// <summary>Where a command reads and writes: the process's own streams, or a test's.</summary>
/// <param name="In">What is piped in.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and errors, so that results can be piped on.</param>
/// <param name="Terminal">The terminal that <paramref name="Error"/> is, where progress can be drawn; null where it is none.</param>
internal sealed record CommandConsole(TextReader In, TextWriter Out, TextWriter Error, IAnsiConsole? Terminal = null)
{
    /// <summary>What is piped in as it is, before it becomes text; null where <see cref="In"/> is a text to begin with.</summary>
    public Stream? RawIn { get; init; }

    public static CommandConsole OfProcess()
    {
        var plain = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.OutputEncoding = plain;
        Console.InputEncoding = plain;
        var terminal = Console.IsErrorRedirected ? null
            : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new CommandConsole(Console.In, Console.Out, Console.Error, terminal is { Profile.Capabilities.Ansi: true } ? terminal : null)
        {
            RawIn = Console.IsInputRedirected ? Console.OpenStandardInput() : null,
        };
    }
}
