using Rer.Engine.Models.Generation;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

[Collection(nameof(CountsTensors))]
public sealed class GenerationMemoryTests
{
    [Fact]
    public void The_cache_and_native_memory_stay_flat_over_two_hundred_generations()
    {
        int[][] prompts = [[1, 5, 9, 33, 7], [1, 40], [1, 8, 8, 21, 60, 3, 14]];
        ulong[] seeds = [11, 12, 13];
        using var model = SmallModels.WithAdapter();
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { MaxNewTokens = 12, EosIds = [2, 7] };
        generator.Generate(prompts, options, seeds);
        // What earlier tests left to the collector would otherwise go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (bytes, tensors) = (generator.CacheBytes, Tensor.TotalCount);
        for (var i = 0; i < 200; i++) generator.Generate(prompts, options, [.. seeds.Select(seed => seed + (ulong)i)]);
        Assert.Equal(bytes, generator.CacheBytes);
        Assert.Equal(tensors, Tensor.TotalCount);
    }
}
