using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Generation;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>What must hold for every architecture, whatever its weights.</summary>
public sealed class ArchitectureTests
{
    private const double Tolerance = 2e-5;

    public static TheoryData<string> Variants => SmallModels.Variants;

    [Theory]
    [MemberData(nameof(Variants))]
    public void Padding_left_or_right_changes_nothing_on_tokens(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Create(name);
        var ids = SmallModels.Ids(1, 8);
        var alone = model.Hidden(ids);
        var padding = SmallModels.Ids(1, 3) * 0;
        var tokens = ones([1, 8], ScalarType.Int64);
        var none = zeros([1, 3], ScalarType.Int64);
        var left = model.Hidden(cat([padding, ids], 1), cat([none, tokens], 1));
        TensorAssert.Close(alone, left.narrow(1, 3, 8), Tolerance);
        var right = model.Hidden(cat([ids, padding], 1), cat([tokens, none], 1));
        TensorAssert.Close(alone, right.narrow(1, 0, 8), Tolerance);
        Assert.True(left.isfinite().all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_token_changes_no_state_before_it_and_every_state_it_is_seen_from(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Create(name);
        var ids = SmallModels.Ids(1, 9);
        var changed = ids.clone();
        changed[0, 4] = (ids[0, 4] + 1) % SmallModels.Config.VocabularySize;
        var difference = (model.Hidden(ids) - model.Hidden(changed)).abs().sum(-1)[0].data<float>().ToArray();
        Assert.All(difference[..4], value => Assert.Equal(0, value));
        Assert.All(difference[4..], value => Assert.True(value > 1e-4));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_cache_gives_the_log_probs_of_a_pass_without_it(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = Create(name);
        using var generator = new TextGenerator(model);
        int[][] prompts = [[1, 5, 9, 33, 7], [1, 40], [1, 8, 8, 21, 60, 3, 14]];
        var generation = generator.Generate(prompts, new SamplingOptions { MaxNewTokens = 12, WithTraces = true }, [1, 2, 3]);
        for (var i = 0; i < prompts.Length; i++)
        {
            var ids = tensor(prompts[i].Concat(generation.Sequences[i]).Select(id => (long)id).ToArray()).unsqueeze(0);
            var (logProbs, _) = model.TokenLogProbs(model.Hidden(ids), ids);
            TensorAssert.Close(logProbs[0].narrow(0, prompts[i].Length - 1, 12), tensor(generation.Traces![i].LogProbs), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sequences_laid_end_to_end_have_the_states_and_gradients_they_have_alone(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name);
        model.RequireGrad(true);
        var embedding = model.Backbone.Weights.Parameters[0].Tensor;
        int[] lengths = [3, 9, 1, 9, 6];
        var ids = SmallModels.Ids(1, lengths.Sum());
        var weights = SmallModels.Ids(lengths.Sum(), SmallModels.Config.HiddenSize).to(ScalarType.Float32);
        var packed = model.Backbone.Forward(ids, new PackedAttention(lengths, model.Device))[0];
        (packed * weights).sum().backward();
        var gradient = embedding.grad!.clone();
        embedding.grad!.zero_();

        var begin = 0;
        foreach (var length in lengths)
        {
            var alone = model.Hidden(ids.narrow(1, begin, length))[0];
            TensorAssert.Close(alone, packed.narrow(0, begin, length), Tolerance);
            (alone * weights.narrow(0, begin, length)).sum().backward();
            begin += length;
        }
        TensorAssert.Close(embedding.grad!, gradient, 1e-5 * gradient.abs().max().item<float>());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void States_at_some_places_are_those_of_the_whole_pass_and_so_are_their_gradients(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name);
        model.RequireGrad(true);
        var embedding = model.Backbone.Weights.Parameters[0].Tensor;
        var ids = SmallModels.Ids(3, 8);
        var places = tensor(new[] { 2L, 5L, 7L });
        Tensor Pass(Tensor? places) => model.Backbone.Forward(ids, new FullAttention(8, model.Device), places);
        var whole = Pass(null).index_select(1, places);
        var some = Pass(places);
        TensorAssert.Close(whole, some, Tolerance);
        var weights = SmallModels.Ids(9, SmallModels.Config.HiddenSize).to(ScalarType.Float32).view(3, 3, -1);
        (whole * weights).sum().backward();
        var gradient = embedding.grad!.clone();
        embedding.grad!.zero_();
        (some * weights).sum().backward();
        TensorAssert.Close(gradient, embedding.grad!, 1e-5 * gradient.abs().max().item<float>());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void An_adapter_trains_folds_and_comes_off(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Create(name);
        var ids = SmallModels.Ids(2, 7);
        var before = model.Hidden(ids).detach();
        string[] targets = name.StartsWith("gpt", StringComparison.Ordinal)
            ? [model.Backbone.Weights.Projections[0].Modules[0].Split('.')[^1]] : ["q_proj", "v_proj", "down_proj"];
        model.AddLora(new LoraOptions { Rank = 4, TargetModules = targets }, seed: 3);
        model.Hidden(ids).square().sum().backward();
        using var _ = no_grad();
        foreach (var adapter in model.Adapter!.Adapters)
        {
            Assert.True(adapter.B.grad!.abs().sum().item<float>() > 0, adapter.Module);
            adapter.B.sub_(adapter.B.grad! * (0.05 / adapter.B.grad!.abs().max().item<float>()));
        }
        var adapted = model.Hidden(ids);
        Assert.NotInRange(TensorAssert.Distance(before, adapted), 0, 1e-3);
        using (model.MergeAdapter()) TensorAssert.Close(adapted, model.Hidden(ids), 5 * Tolerance);
        using (model.DisableAdapter()) Assert.True(model.Hidden(ids).SameAs(before));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gradients_by_the_fused_kernels_equal_those_by_the_operators_they_stand_for(string name)
    {
        using var scope = NewDisposeScope();
        using var fused = Create(name);
        using var plain = Create(name, ScalarType.Float64);
        var ids = SmallModels.Ids(2, 9);
        var mask = ones([2, 9], ScalarType.Int64);
        mask[0, 0] = mask[0, 1] = 0;
        foreach (var model in (CausalLm[])[fused, plain])
        {
            model.RequireGrad(true);
            var (logProbs, _) = model.TokenLogProbs(model.Hidden(ids, mask), ids, mask.narrow(1, 0, 8));
            logProbs.sum().backward();
        }
        foreach (var (mine, its) in fused.TrainableParameters().Zip(plain.TrainableParameters()))
        {
            var scale = its.Tensor.grad!.abs().max().item<double>();
            Assert.True(TensorAssert.Distance(its.Tensor.grad!, mine.Tensor.grad!) <= 2e-5 * Math.Max(1, scale), mine.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void States_are_those_that_the_definition_gives_number_by_number(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // Biases and gains as they are drawn would be 0 and 1, and hide a layer that leaves them out.
        using var model = Create(name);
        using var generator = new Generator(9);
        foreach (var (_,
            weight) in model.Backbone.Weights.Parameters.Where(weight => weight.Tensor.ndim == 1)) weight.add_(
                randn(weight.shape, generator: generator) * 0.2);
        int[] ids = [1, 17, 44, 3, 3, 59, 0, 28, 12, 51, 7];
        var expected = new NaiveTransformer(model).Hidden(ids);
        var hidden = model.Hidden(tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0))[0];
        TensorAssert.Close(
            tensor([.. expected.SelectMany(row => row).Select(value => (float)value)], [ids.Length, SmallModels.Config.HiddenSize]), hidden,
            Tolerance);
    }

    [Fact]
    public void A_checkpoint_of_the_bare_model_loads_though_its_names_lack_the_prefix()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Create("llama");
        File.WriteAllText(folder.File("config.json"), (SmallModels.Config with { TieWordEmbeddings = true }).ToJson(ScalarType.Float32));
        SafetensorsWriter.Write(folder.File("model.safetensors"), model.Backbone.Weights.Published
            .Where(weight => weight.Name != "lm_head.weight")
            .ToDictionary(weight => weight.Name["model.".Length..], weight => weight.Tensor));
        using var loaded = CausalLm.Load(folder.Path);
        Assert.True(loaded.Hidden(SmallModels.Ids(1, 5)).SameAs(model.Hidden(SmallModels.Ids(1, 5))));
    }

    private static CausalLm Create(string name, ScalarType type = ScalarType.Float32) =>
        CausalLm.Create(SmallModels.Variant(name), seed: 7, type: type);
}
