using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rer.Engine.Data;
using Rer.Engine.Options;
using Rer.Engine.Training;

namespace Rer.Cli;

/// <summary>The end of a command that failed: what is wrong in words, and an exit code. Never a stack trace.</summary>
internal static class CommandErrors
{
    /// <summary>Set to anything, errors of the program itself are shown with the place in its code.</summary>
    public const string TraceVariable = "RER_TRACE";

    /// <summary>Longest command line that is repeated.</summary>
    private const int LongestCommand = 200;

    /// <summary>Says what went wrong.</summary>
    /// <param name="console">Where.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>The command's <see cref="ExitCode"/>.</returns>
    public static int Report(CommandConsole console, Exception error, IReadOnlyList<string> arguments)
    {
        error = Cause(error);
        if (error is PlanException plan)
        {
            foreach (var wrong in plan.Errors) console.Error.WriteLine(wrong);
            if (plan.Errors.Count == 0) console.Error.WriteLine(plan.Message);
            return ExitCode.BadArguments;
        }

        if (error is OperationCanceledException)
        {
            console.Error.WriteLine("Stopped.");
            return ExitCode.Interrupted;
        }

        console.Error.WriteLine(IsOwn(error) ? error.Message : $"{Command(arguments)}: {Describe(error)}");
        if (Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 }) console.Error.WriteLine(error);
        return ExitCode.Failed;
    }

    /// <summary>The engine's own words about files and values, and the system's about files.</summary>
    private static bool IsOwn(Exception error) => error is IOException or UnauthorizedAccessException or DataFileException
        or ArgumentException or InvalidDataException or InvalidOperationException or NotSupportedException or FormatException
        or TrainingInvariantException or JsonException;

    private static string Describe(Exception error) => error switch
    {
        // libtorch's first line says what it could not do; the rest is where in its code.
        ExternalException => FirstLine(error.Message),
        OutOfMemoryException => "there is not enough memory for this.",
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException =>
            $"a native library cannot be used: {FirstLine(error.Message)} README, 'Hardware', says what is needed.",
        _ => $"{error.GetType().Name}: {FirstLine(error.Message)} This is a fault of the program; with {TraceVariable}=1 it says where.",
    };

    /// <summary>What is wrong lies inside of what only says that something did.</summary>
    private static Exception Cause(Exception error) =>
        error is AggregateException or TargetInvocationException or TypeInitializationException && error.InnerException is { } inner
            ? Cause(inner)
            : error;

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();

    private static string Command(IReadOnlyList<string> arguments)
    {
        var command = string.Join(' ', arguments.Prepend("rer"));
        return command.Length <= LongestCommand ? command : command[..LongestCommand] + "...";
    }
}
