using Rer.Cli;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Runs;

namespace Rer.Engine.Tests.Cli;

/// <summary>The `rer` command in this process, in a folder that goes away with it, with a session that trains nothing.</summary>
internal sealed class CommandLine : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("rer-cli-").FullName;

    public Action<int, CancellationToken>? AtStep { get; set; }

    public string Store => Path.Combine(Folder, "store");

    public (int Exit, string Out, string Error) Run(string[] arguments, string input = "")
    {
        using var stdin = new StringReader(input);
        using var stdout = new StringWriter { NewLine = "\n" };
        using var stderr = new StringWriter { NewLine = "\n" };
        var exit = RerCommand.Run(
            arguments,
            new CommandConsole(stdin, stdout, stderr),
            (plan, context) => new ScriptedSession(plan, context, AtStep));
        return (exit, stdout.ToString(), stderr.ToString());
    }

    public string File(string name, string content)
    {
        var file = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(file, content);
        return file;
    }

    public RunStore OpenStore() => RunStore.Open(Store, create: false);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
