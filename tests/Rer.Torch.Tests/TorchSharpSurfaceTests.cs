using Rer.Engine.Tests;
using TorchSharp;

namespace Rer.Torch.Tests;

/// <summary>What we offer under TorchSharp's namespace is TorchSharp's, to the parameter's name.</summary>
public sealed class TorchSharpSurfaceTests
{
    [SharedFact]
    public void Every_public_member_under_TorchSharps_namespace_is_one_of_TorchSharps()
    {
        var theirs = Sections(SharedFixtures.Design("torchsharp-api.txt"));
        var differing = new List<string>();
        var compared = 0;
        foreach (var type in typeof(torch).Assembly.GetExportedTypes().Where(type => type.Namespace!.StartsWith("TorchSharp", StringComparison.Ordinal)))
        {
            var name = type.FullName!.Replace('+', '.');
            if (!theirs.TryGetValue(name, out var lines)) continue;
            foreach (var line in SignatureText.Of(type))
            {
                compared++;
                if (!lines.Contains(line)) differing.Add($"{name}: {line}");
            }
        }
        Assert.True(compared > 500, $"Only {compared} members were compared.");
        Assert.True(differing.Count == 0, "Not TorchSharp's:\n" + string.Join('\n', differing));
    }

    private static Dictionary<string, HashSet<string>> Sections(string path)
    {
        var sections = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        HashSet<string>? current = null;
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) sections[line[3..]] = current = new(StringComparer.Ordinal);
            else if (line.Length > 0) current?.Add(line);
        }
        return sections;
    }
}
