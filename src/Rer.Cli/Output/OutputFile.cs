using System.Text;

namespace Rer.Cli.Output;

/// <summary>Where results go: a file, or standard output (`-`, or no name).</summary>
internal static class OutputFile
{
    /// <summary>Writes all of it; a file appears whole or not at all.</summary>
    public static void Write(CommandConsole console, string? file, string content)
    {
        if (file is null or "-")
        {
            console.Out.Write(content);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = file + ".draft";
        File.WriteAllText(draft, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(draft, file, overwrite: true);
    }
}
