using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Rer.Engine.Tests.House;

/// <summary>What CONTRIBUTING.md says of files, lines and folders.</summary>
public sealed class SourceFileTests
{
    private const int LongestLine = 140;
    private const int LongestFile = 400;
    private const int MostFiles = 25;

    private static readonly string[] Roots = ["src", "tests", "examples", "build", "wwwroot", "scripts"];
    private static readonly string[] Kinds = [".cs", ".razor", ".css", ".js", ".sh", ".targets", ".props", ".csproj", ".py"];

    [Fact]
    public void No_line_is_longer_than_140_characters() =>
        Empty(from file in Files(Kinds) from line in LongLines(file) select line);

    [Fact]
    public void No_file_has_more_than_400_lines() =>
        Empty(
            from file in Files(Kinds)
            let lines = File.ReadLines(file).Count()
            where lines > LongestFile
            select $"{Shown(file)} has {lines} lines");

    [Fact]
    public void No_folder_has_more_than_25_files() =>
        Empty(
            from folder in Files(".cs").GroupBy(Path.GetDirectoryName)
            where folder.Count() > MostFiles
            select $"{Shown(folder.Key!)} has {folder.Count()} files");

    [Fact]
    public void A_folder_is_a_namespace() =>
        Empty(
            from file in Files(".cs")
            let parts = Shown(Path.GetDirectoryName(file)!).Split('/')
            where parts[0] is "src" or "tests"
            from space in Spaces(file)
            where space != string.Join('.', parts.Skip(1))
            select $"{Shown(file)} is in namespace {space}");

    private static void Empty(IEnumerable<string> faults)
    {
        var all = string.Join(Environment.NewLine, faults);
        Assert.True(all.Length == 0, all);
    }

    /// <summary>Files that people write here: nothing that a build makes, no package's files.</summary>
    private static IEnumerable<string> Files(params string[] extensions) =>
        from root in Roots
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, root), "*", SearchOption.AllDirectories)
        where extensions.Contains(Path.GetExtension(file))
        let parts = Shown(file).Split('/')
        where !parts.Any(part => part is "bin" or "obj" or "Fixtures" or "node_modules") && !Shown(file).StartsWith("wwwroot/lib/")
        orderby file
        select file;

    private static string Shown(string path) => Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/');

    private static IEnumerable<string> Spaces(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().ChildNodes()
            .OfType<BaseNamespaceDeclarationSyntax>().Select(declared => declared.Name.ToString());

    /// <summary>Long lines but those of raw string literals, which hold other languages and data.</summary>
    private static IEnumerable<string> LongLines(string file)
    {
        var text = SourceText.From(File.ReadAllText(file));
        var found = text.Lines.Where(line => line.Span.Length > LongestLine).ToArray();
        if (found.Length == 0) return [];
        var quoted = Path.GetExtension(file) == ".cs" ? RawStrings(text) : [];
        return found.Where(line => !quoted.Any(span => span.OverlapsWith(line.Span)))
            .Select(line => $"{Shown(file)}:{line.LineNumber + 1} has {line.Span.Length}");
    }

    private static TextSpan[] RawStrings(SourceText text)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetRoot();
        var plain = root.DescendantTokens().Where(token => token.Kind()
            is SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken).Select(token => token.Span);
        var interpolated = root.DescendantNodes().OfType<InterpolatedStringExpressionSyntax>()
            .Where(literal => literal.StringStartToken.Text.TrimEnd().EndsWith("\"\"\"", StringComparison.Ordinal))
            .Select(literal => literal.Span);
        return [.. plain, .. interpolated];
    }
}
