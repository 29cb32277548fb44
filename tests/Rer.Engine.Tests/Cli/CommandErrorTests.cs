using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using Rer.Cli;
using Rer.Engine.Options;

namespace Rer.Engine.Tests.Cli;

/// <summary>Whatever a command fails of, it ends in a line that names the input, and never in a stack trace.</summary>
public sealed class CommandErrorTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public void Dispose() => _rer.Dispose();

    [SuppressMessage("Usage", "CA2201", Justification = "What the runtime and libtorch throw is what is reported.")]
    public static TheoryData<Exception, string> Errors => new()
    {
        { new IOException("/store: the disk is full."), "/store: the disk is full." },
        { new UnauthorizedAccessException("Access to the path '/x' is denied."), "Access to the path '/x' is denied." },
        { new AggregateException(new InvalidDataException("m: damaged.")), "m: damaged." },
        { new TargetInvocationException(new TypeInitializationException("T", new FormatException("m: no number."))), "m: no number." },
        { new NullReferenceException("Object reference not set."),
            "rer inspect m: NullReferenceException: Object reference not set. This is a fault of the program; with RER_TRACE=1 it says "
            + "where." },
        { new ExternalException("aten::empty: can't allocate memory.\n  at native code"),
            "rer inspect m: aten::empty: can't allocate memory." },
        { new OutOfMemoryException("x"), "rer inspect m: there is not enough memory for this." },
        { new DllNotFoundException("Unable to load shared library 'x'.\nmore"),
            "rer inspect m: a native library cannot be used: Unable to load shared library 'x'. README, 'Hardware', says what is needed." },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_is_one_line(Exception error, string expected) => Assert.Equal((ExitCode.Failed, expected + "\n"), Report(error));

    [Fact]
    public void A_plan_has_all_its_errors() =>
        Assert.Equal(
            (ExitCode.BadArguments, "--a: b\n--c: 1 d\n"),
            Report(new PlanException([new PlanError("a", "", "b"), new PlanError("c", "1", "d")])));

    [Fact]
    public void What_was_cancelled_ends_as_by_a_signal() => Assert.Equal((130, "Stopped.\n"), Report(new OperationCanceledException()));

    [Theory]
    [InlineData("inspect {0}/nothing", "nothing: there is no such model folder.")]
    [InlineData("inspect {0}", "holds neither model.safetensors")]
    [InlineData("correlate --in {0}", "is a folder. A file is needed.")]
    [InlineData("check-data {0}/nothing.json", "nothing.json: no such file.")]
    [InlineData("tokenize --model {0} a", "tokenizer")]
    [InlineData("generate --model {0} a", "tokenizer")]
    [InlineData("train-gold --base {0} --pairs {0}/p.json --out {0}/g", "p.json: no such file.")]
    [InlineData("annotate --from {0}/a.json --data {0}/b.json --out {0}/c.json", "a.json: no such file.")]
    [InlineData("score --design LI --in {0}/a.json", "a.json: no such file.")]
    [InlineData("show x --store {0}/nothing", "nothing")]
    [InlineData("pull a/b/c/d", "a/b/c/d")]
    public void A_command_over_what_is_not_there_names_it(string line, string expected)
    {
        var (exit, _, error) = _rer.Run([.. line.Split(' ').Select(part => part.Replace("{0}", _rer.Folder))]);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains(expected, error);
        Assert.DoesNotContain("   at ", error);
        Assert.DoesNotContain("fault of the program", error);
    }

    [Theory]
    [InlineData("train --threads 100000", "--threads: 100000 is outside [1, 1024].")]
    [InlineData("train --threads 0", "--threads: 0 is outside [1, 1024].")]
    [InlineData("generate --model m --samples 100000 a", "--samples: 100000 is outside [1, 1024].")]
    [InlineData("generate --model m --temperature nan a", "--temperature: nan is outside (0, 1000].")]
    [InlineData("generate --model m --max-response-tokens 0 a", "--max-response-tokens: 0 is outside [1, 1048576].")]
    [InlineData("make-pairs --data d --out o --pairs-per-item 9", "--pairs-per-item: 9 is outside [1, 4].")]
    [InlineData("playground study --jobs 0", "--jobs: 0 is outside [1, 1024].")]
    public void A_number_outside_its_bounds_is_named_with_them(string line, string expected)
    {
        var (exit, _, error) = _rer.Run(line.Split(' '));
        Assert.Equal(ExitCode.BadArguments, exit);
        Assert.StartsWith(expected + "\n", error);
    }

    private static (int Exit, string Error) Report(Exception error)
    {
        using var stderr = new StringWriter { NewLine = "\n" };
        var exit = CommandErrors.Report(
            new CommandConsole(TextReader.Null, TextWriter.Null, stderr), error, ["inspect", "m"]);
        return (exit, stderr.ToString());
    }
}
