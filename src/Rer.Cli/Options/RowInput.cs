using System.Text;
using Rer.Engine.Data;
using Rer.Engine.Input;

namespace Rer.Cli.Options;

/// <summary>Rows from a file or, named `-`, from standard input.</summary>
internal static class RowInput
{
    private const string Piped = "standard input";

    /// <summary>The rows, and the name by which messages call where they came from.</summary>
    /// <exception cref="DataFileException">There are none, or some are bad.</exception>
    /// <exception cref="InvalidDataException">More is piped in than is read.</exception>
    public static (string Name, IReadOnlyList<DataRow> Rows) Read(CommandConsole console, string file)
    {
        if (file != "-") return (file, DataFile.Read(file));
        // As bytes: a reader of text would put replacement characters where they are no UTF-8.
        var content = console.RawIn is { } stream
            ? InputFile.ReadToEnd(stream, Piped, DataFile.LargestContent) : Encoding.UTF8.GetBytes(console.In.ReadToEnd());
        return (Piped, DataFile.Read(Piped, content));
    }
}
