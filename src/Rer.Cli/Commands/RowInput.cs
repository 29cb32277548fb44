using System.Text;
using Rer.Engine.Data;

namespace Rer.Cli.Commands;

/// <summary>Rows from a file or, named `-`, from standard input.</summary>
internal static class RowInput
{
    /// <summary>The rows, and the name by which messages call where they came from.</summary>
    /// <exception cref="DataFileException">There are none, or some are bad.</exception>
    public static (string Name, IReadOnlyList<DataRow> Rows) Read(CommandConsole console, string file)
    {
        const string piped = "standard input";
        return file == "-" ? (piped, DataFile.Read(piped, Encoding.UTF8.GetBytes(console.In.ReadToEnd()))) : (file, DataFile.Read(file));
    }
}
