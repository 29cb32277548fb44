using Rer.Engine.Gold;
using Rer.Engine.Playground;

namespace Rer.Engine.Tests.Playground;

public sealed class PlaygroundBuildTests : IDisposable
{
    private static readonly PlaygroundBuildOptions Small = new()
    {
        Seed = 5,
        HiddenSize = 16,
        Layers = 1,
        Policy = new SupervisedOptions { Steps = 3 },
        GoldBackbone = new SupervisedOptions { Steps = 2 },
        Gold = new BradleyTerryOptions { Steps = 3, TokensPerBatch = 512 },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-build").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_options_build_the_same_playground_byte_by_byte_with_a_card_for_each_artifact()
    {
        var first = Build("first");
        var second = Build("second");
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, file => Assert.True(file.Value.AsSpan().SequenceEqual(second[file.Key]), $"{file.Key} differs"));
        Assert.All(
            new[] { "README.md", "train.json", "evaluation.json", "policy/README.md", "policy/model.safetensors", "policy/tokenizer.json",
                "gold/README.md", "gold/model.safetensors" },
            file => Assert.Contains(file, first.Keys));
        Assert.Contains("Held-out figures", System.Text.Encoding.UTF8.GetString(first["gold/README.md"]));
    }

    private Dictionary<string, byte[]> Build(string name)
    {
        var folder = Path.Combine(_folder, name);
        new PlaygroundBuild(folder, Small, _ => { }).Run();
        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes);
    }
}
