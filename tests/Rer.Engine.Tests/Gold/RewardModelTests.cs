using System.Text.Json.Nodes;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Weights;
using Rer.Engine.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold;

/// <summary>Every published form against its definition, computed from the language model that shares its backbone.</summary>
public sealed class RewardModelTests : IDisposable
{
    private static readonly int[][] Sequences = [[1, 5, 9, 33, 7, 2], [1, 40, 0], [1, 8, 0, 21, 60, 3, 14, 0, 0], [4]];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string> Families => SmallModels.Variants;

    [Theory]
    [MemberData(nameof(Families))]
    public void A_classifier_reads_its_head_at_the_last_token_that_is_no_padding(string name)
    {
        using var model = Write(name, ("score.weight", Random(1, 32)),
            change: json => json["architectures"] = new JsonArray("AnyForSequenceClassification"));
        var expected = Sequences.Select(ids => Head(model, "score.weight", ids)[Math.Max(0, Array.FindLastIndex(ids, id => id != 0))]);
        AssertRewards(RewardForm.Classifier, expected);
    }

    [Fact]
    public void Without_a_padding_id_it_reads_the_last_token()
    {
        using var model = Write("gpt2", ("score.weight", Random(1, 32)), change: json => json.Remove("pad_token_id"));
        AssertRewards(RewardForm.Classifier, Sequences.Select(ids => Head(model, "score.weight", ids)[^1]));
    }

    [Fact]
    public void Of_several_labels_the_one_that_is_named_is_the_reward()
    {
        using var model = Write("llama", ("score.weight", Random(3, 32)),
            change: json => json["id2label"] = new JsonObject { ["0"] = "bad", ["1"] = "so-so", ["2"] = "good" });
        var error = Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder.Path, CPU));
        Assert.Contains("the head gives 3 values: bad, so-so, good. Name the one that is the reward", error.Message);
        Assert.Contains("'best' is none of them",
            Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder.Path, CPU, label: "best")).Message);
        foreach (var label in (string[])["Good", "2"])
            AssertRewards(RewardForm.Classifier,
                Sequences.Select(ids => Head(model, "score.weight", ids, row: 2)[Math.Max(0, Array.FindLastIndex(ids, id => id != 0))]),
                label);
    }

    [Theory]
    [InlineData("value_head", false, null, false)]
    [InlineData("value_head", true, null, true)]
    [InlineData("value_head", true, false, false)]
    [InlineData("score", true, true, true)]
    [InlineData("my_head", false, null, false)]
    public void OpenRLHF_names_its_head_in_config_json_and_may_scale_it(string head, bool hasMoments, bool? switched, bool scaled)
    {
        using var model = Write("qwen2", ($"{head}.weight", Random(1, 32)), change: json =>
        {
            if (head != "value_head") json["value_head_prefix"] = head;
            if (hasMoments) (json["mean"], json["std"]) = (0.5, 2.0);
            if (switched is { } flag) json["normalize_reward"] = flag;
        });
        AssertRewards(
            RewardForm.OpenRlhf with { Head = head },
            Sequences.Select(ids => Head(model, $"{head}.weight", ids)[^1]).Select(reward => scaled ? (reward - 0.5) / 2 : reward));
    }

    [Fact]
    public void UltraRM_has_a_regression_head()
    {
        using var model = Write("llama", ("regression_head.weight", Random(1, 32)),
            change: json => json["architectures"] = new JsonArray("LlamaRewardModel"));
        AssertRewards(RewardForm.UltraRm, Sequences.Select(ids => Head(model, "regression_head.weight", ids)[^1]));
        Assert.Equal("Human: Q\n\nAssistant: A", RewardForm.UltraRm.Template!.Wrap(new GoldItem("Q", "A")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("last")]
    [InlineData("mean")]
    public void OpenAssistants_has_a_projection_with_a_bias_on_the_last_token_or_the_mean(string? pooling)
    {
        using var model = Write(
            "gpt_neox", ("out_proj.weight", Random(1, 32)), ("out_proj.bias", Random(1)),
            json => (json["model_type"], json["architectures"], json["pooling"]) = ("gpt_neox_reward_model",
                new JsonArray("GPTNeoXRewardModel"), pooling));
        using var file = Safetensors.Open(_folder.File("model.safetensors"));
        var bias = file.Read("out_proj.bias")[0].item<float>();
        var form = RewardForm.OpenAssistant with { Reading = pooling == "mean" ? RewardReading.Mean : RewardReading.LastToken };
        AssertRewards(form,
            Sequences.Select(ids => Head(model, "out_proj.weight", ids))
                .Select(rewards => bias + (pooling == "mean" ? rewards.Average() : rewards[^1])));
    }

    [Fact]
    public void Starling_names_its_backbone_transformer_and_stops_at_the_first_padding_id()
    {
        using var model = Write("llama", ("v_head.weight", Random(1, 32)), rename: name => name.Replace("model.", "transformer."));
        AssertRewards(RewardForm.Starling,
            Sequences.Select(
                ids => Head(model, "v_head.weight", ids)[(Array.IndexOf(ids, 0) is var first and > 0 ? first : ids.Length) - 1]));
    }

    [Fact]
    public void What_has_no_head_is_refused_with_the_heads_known()
    {
        using var model = Write("llama", ("other_head.weight", Random(1, 32)));
        var error = Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder.Path, CPU));
        Assert.Contains("score.weight, v_head.weight, regression_head.weight, out_proj.weight, value_head.weight", error.Message);
    }

    /// <summary>Loads the folder and compares the rewards of a batch of sequences of different lengths.</summary>
    private void AssertRewards(RewardForm form, IEnumerable<double> expected, string? label = null)
    {
        using var guard = no_grad();
        using var model = RewardModel.Load(_folder.Path, CPU, label: label);
        Assert.Equal(form, model.Form);
        using var gold =
            new CheckpointGold("test", RewardModel.Load(_folder.Path, CPU, label: label), new IdTokenizer(), new GoldTemplate("", " ", ""));
        var scores = gold.Score([.. Sequences.Select(ids => new GoldItem("", string.Join(' ', ids)))]);
        foreach (var (reward, score) in expected.Zip(scores)) Assert.Equal(reward, score, 2e-5);
    }

    /// <summary>A row of the head times the hidden states of the language model.</summary>
    private double[] Head(CausalLm model, string weight, int[] ids, int row = 0)
    {
        using var guard = no_grad();
        using var file = Safetensors.Open(_folder.File("model.safetensors"));
        var hidden = model.Hidden(tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0))[0];
        return [.. matmul(hidden, file.Read(weight)[row]).data<float>().ToArray().Select(value => (double)value)];
    }

    private Tensor Random(params long[] shape) => randn(shape, generator: _generator);

    /// <summary>A small model's folder with a head of its own in place of the language head; the padding id is 0.</summary>
    private CausalLm Write(
        string name, (string Name, Tensor Weight) head, (string Name, Tensor Weight)? bias = null, Action<JsonObject>? change = null,
        Func<string, string>? rename = null)
    {
        var config = SmallModels.Variant(name);
        var model = CausalLm.Create(config, seed: 7);
        var weights = model.Backbone.Weights.Published
            .Where(weight => weight.Name is not ("lm_head.weight" or "embed_out.weight"))
            .ToDictionary(weight => (rename ?? (n => n))(weight.Name), weight => weight.Tensor.detach());
        weights.Add(head.Name, head.Weight);
        if (bias is { } more) weights.Add(more.Name, more.Weight);
        SafetensorsWriter.Write(_folder.File("model.safetensors"), weights);
        var json = SmallModels.ConfigJson(config);
        json["pad_token_id"] = 0;
        change?.Invoke(json);
        File.WriteAllText(_folder.File("config.json"), json.ToJsonString());
        return model;
    }
}
