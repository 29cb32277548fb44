using System.Text;

namespace Rer.Engine.Tokenizers;

/// <summary>Says what a file is instead of what it should be: the usual ways in which a download goes wrong.</summary>
internal static class FileKind
{
    /// <summary>A description of <paramref name="bytes"/> for an error message.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "the file is empty";
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(64, bytes.Length)]).TrimStart();
        if (head.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "the file is a Git LFS pointer (fetch the file itself with 'git lfs pull')";
        string[] pages = ["<!doctype", "<html"];
        if (pages.Any(page => head.StartsWith(page, StringComparison.OrdinalIgnoreCase)))
            return "the file is an HTML page (the address it came from gave a page instead of the file)";
        return "the file is broken";
    }
}
