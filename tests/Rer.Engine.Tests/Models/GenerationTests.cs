using Rer.Engine.Models;
using Rer.Engine.Models.Generation;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class GenerationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly int[][] Prompts = [[1, 5, 9, 33, 7], [1, 40], [1, 8, 8, 21, 60, 3, 14], [1, 17, 2, 4], [1, 50, 6]];
    private static readonly ulong[] Seeds = [11, 12, 13, 14, 15];

    // In float32 the fused kernels compute, in float64 the operators they stand for.
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_response_depends_on_its_prompt_and_seed_and_not_on_the_rest_of_the_batch(ScalarType type)
    {
        using var model = SmallModels.WithAdapter(type);
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { MaxNewTokens = 20, EosIds = [2, 7, 30] };
        var together = generator.Generate(Prompts, options, Seeds);
        for (var i = 0; i < Prompts.Length; i++)
        {
            var alone = generator.Generate([Prompts[i]], options, [Seeds[i]]);
            Assert.Equal(alone.Sequences[0], together.Sequences[i]);
            Assert.Equal(alone.EndedWithEos[0], together.EndedWithEos[i]);
        }
        var backwards = generator.Generate([.. Prompts.Reverse()], options, [.. Seeds.Reverse()]);
        Assert.Equal(together.Sequences.Reverse(), backwards.Sequences);
        using var inPieces = new TextGenerator(model) { MaxRows = 2 };
        Assert.Equal(together.Sequences, inPieces.Generate(Prompts, options, Seeds).Sequences);
        foreach (var ways in (int[])[1, 2, 3, 9])
        {
            using var inLanes = new TextGenerator(model, ways);
            Assert.Equal(together.Sequences, inLanes.Generate(Prompts, options, Seeds).Sequences);
        }
    }

    [Fact]
    public void The_same_batch_gives_the_same_responses_bit_for_bit_and_other_seeds_give_others()
    {
        using var model = SmallModels.WithAdapter();
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { MaxNewTokens = 20, WithTraces = true };
        var first = generator.Generate(Prompts, options, Seeds);
        var second = generator.Generate(Prompts, options, Seeds);
        Assert.Equal(first.Sequences, second.Sequences);
        Assert.Equal(first.Traces!.Select(trace => trace.LogProbs), second.Traces!.Select(trace => trace.LogProbs));
        Assert.NotEqual(first.Sequences, generator.Generate(Prompts, options, [21, 22, 23, 24, 25]).Sequences);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Tokens_drawn_from_the_cache_have_the_log_probs_entropies_and_values_of_a_forward_pass_without_it(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallModels.WithAdapter(type);
        model.AddValueHead(9);
        using var generator = new TextGenerator(model);
        var options = new SamplingOptions { MaxNewTokens = 20, EosIds = [2, 7, 30], Temperature = 0.7, TopK = 40, WithTraces = true };
        var generation = generator.Generate(Prompts, options, Seeds);
        Assert.Contains(true, generation.EndedWithEos);
        for (var i = 0; i < Prompts.Length; i++)
        {
            var ids = tensor(Prompts[i].Concat(generation.Sequences[i]).Select(id => (long)id).ToArray()).unsqueeze(0);
            var hidden = model.Hidden(ids);
            var from = Prompts[i].Length - 1;
            var (logProbs, entropies) = model.TokenLogProbs(hidden, ids);
            var trace = generation.Traces![i];
            void Same(Tensor whole, float[] drawn) =>
                TensorAssert.Close(whole[0].narrow(0, from, generation.Sequences[i].Length), tensor(drawn), 2e-5);
            Same(logProbs, trace.LogProbs);
            Same(entropies, trace.Entropies);
            Same(model.Values(hidden), trace.Values);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_sliding_window_hides_the_same_tokens_with_the_cache_as_without(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model =
            CausalLm.Create(SmallModels.Config with { SlidingWindow = 4, SlidingWindowLayers = [false, true] }, seed: 7, type: type);
        using var whole = CausalLm.Create(SmallModels.Config, seed: 7, type: type);
        using var generator = new TextGenerator(model);
        var generation = generator.Generate(Prompts, new SamplingOptions { MaxNewTokens = 12, WithTraces = true }, Seeds);
        for (var i = 0; i < Prompts.Length; i++)
        {
            var ids = tensor(Prompts[i].Concat(generation.Sequences[i]).Select(id => (long)id).ToArray()).unsqueeze(0);
            var (logProbs, _) = model.TokenLogProbs(model.Hidden(ids), ids);
            TensorAssert.Close(logProbs[0].narrow(0, Prompts[i].Length - 1, 12), tensor(generation.Traces![i].LogProbs), 2e-5);
            Assert.NotInRange(TensorAssert.Distance(model.Hidden(ids), whole.Hidden(ids)), 0, 1e-3);
        }
    }

    [Fact]
    public void A_response_ends_at_its_first_EOS_which_it_includes_or_at_the_length()
    {
        using var model = SmallModels.Llama();
        using var generator = new TextGenerator(model);
        int[] eos = [2, 7];
        var generation = generator.Generate(Prompts, new SamplingOptions { MaxNewTokens = 9, EosIds = eos }, Seeds);
        for (var i = 0; i < Prompts.Length; i++)
        {
            var response = generation.Sequences[i];
            Assert.Equal(generation.EndedWithEos[i], eos.Contains(response[^1]));
            Assert.DoesNotContain(response[..^1], eos.Contains);
            if (!generation.EndedWithEos[i]) Assert.Equal(9, response.Length);
        }
        Assert.Contains(true, generation.EndedWithEos);
        Assert.Contains(false, generation.EndedWithEos);
    }

    [Fact]
    public void A_response_stops_where_the_context_ends()
    {
        using var model = SmallModels.Llama();
        using var generator = new TextGenerator(model);
        var prompt = Enumerable.Repeat(5, 60).ToArray();
        var generation = generator.Generate([prompt, [1]], new SamplingOptions { MaxNewTokens = 10 }, [1, 2]);
        Assert.Equal([4, 10], generation.Sequences.Select(sequence => sequence.Length));
        Assert.Equal([false, false], generation.EndedWithEos);
    }

    [Fact]
    public void A_prompt_that_fills_the_context_is_refused_with_both_lengths()
    {
        var error = Refused([[1], [.. Enumerable.Repeat(5, 64)]], new SamplingOptions());
        Assert.Contains("Prompt 1 has 64 tokens", error);
        Assert.Contains("context of 64", error);
    }

    [Fact]
    public void A_prompt_of_another_vocabulary_is_refused() =>
        Assert.Contains("vocabulary of 61", Refused([[1, 61]], new SamplingOptions()));

    [Fact]
    public void An_empty_prompt_is_refused() => Assert.Contains("Prompt 1 is empty", Refused([[1], []], new SamplingOptions()));

    [Fact]
    public void Sampling_options_are_checked_whole()
    {
        var error = Refused([[1]], new SamplingOptions { Temperature = 0, TopP = 1.4, TopK = -1, MaxNewTokens = 0 });
        Assert.All(["Temperature: 0", "TopP: 1.4", "TopK: -1", "MaxNewTokens: 0"], text => Assert.Contains(text, error));
    }

    [Fact]
    public void Generation_can_be_cancelled()
    {
        using var model = SmallModels.Llama();
        using var generator = new TextGenerator(model);
        Assert.Throws<OperationCanceledException>(
            () => generator.Generate(Prompts, new SamplingOptions(), Seeds, new CancellationToken(canceled: true)));
        Assert.Equal(3, generator.Generate([[1]], new SamplingOptions { MaxNewTokens = 3 }, [1]).TokenCount);
    }

    public void Dispose() => _folder.Dispose();

    private static string Refused(IReadOnlyList<int[]> prompts, SamplingOptions options)
    {
        using var model = SmallModels.Llama();
        using var generator = new TextGenerator(model);
        return Assert.Throws<ArgumentException>(() => generator.Generate(prompts, options, [.. prompts.Select(_ => 1ul)])).Message;
    }
}
