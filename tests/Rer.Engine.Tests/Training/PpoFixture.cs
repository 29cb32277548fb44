using System.Text.Json;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Training;

/// <summary>One folder of the reference's PPO tensors and figures.</summary>
internal sealed class PpoFixture : IDisposable
{
    private readonly Safetensors _tensors;
    private readonly JsonDocument _meta;

    public PpoFixture(string folder, string tensors = "tensors.safetensors", string meta = "meta.json")
    {
        _tensors = Safetensors.Open(Path.Combine(folder, tensors));
        _meta = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, meta)));
    }

    public JsonElement Meta => _meta.RootElement;

    public JsonElement Step(int step) => Meta.GetProperty("steps").GetProperty($"step{step}");

    public Tensor Tensor(string name) => _tensors.Read(name);

    public IEnumerable<string> Names => _tensors.Entries.Keys;

    /// <summary>All values of a tensor, row by row.</summary>
    public double[] Values(string name)
    {
        using var tensor = _tensors.Read(name);
        using var doubles = tensor.to(ScalarType.Float64);
        return doubles.data<double>().ToArray();
    }

    public int[] Ids(string name) => Array.ConvertAll(Values(name), v => (int)v);

    public static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    public static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    public void Dispose()
    {
        _tensors.Dispose();
        _meta.Dispose();
    }

    /// <summary>The largest absolute difference, with its place in the failure's message.</summary>
    public static void AssertClose(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance,
                $"{what}[{i}]: expected {expected[i]:g9}, got {actual[i]:g9} (tolerance {tolerance:g2})");
        }
    }
}
