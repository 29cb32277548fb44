using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using Rer.Engine.Playground.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class BertModelTests : IDisposable
{
    private const double Tolerance = 2e-5;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    private static string TinyBert => Fixtures.File("models", "tiny-bert");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Runs", "OnDevice")]
    public void Hidden_states_of_every_layer_match_the_reference()
    {
        using var expected = Safetensors.Open(Path.Combine(TinyBert, "expected.safetensors"));
        using var model = BertModel.Load(TinyBert, TestDevice.Device);
        var mask = expected.Read("attention_mask").to(TestDevice.Device);

        var states = model.HiddenStates(expected.Read("input_ids").to(TestDevice.Device), mask);

        Assert.Equal(model.Config.Layers + 1, states.Length);
        for (var i = 0; i < states.Length; i++) TensorAssert.Close(expected.Read($"hidden.{i}"), states[i], Tolerance, mask);
        TensorAssert.Close(expected.Read("last_hidden_state"), states[^1], Tolerance, mask);
    }

    [Fact]
    [Trait("Runs", "OnDevice")]
    public void Pooler_and_mean_pooling_match_the_reference()
    {
        using var expected = Safetensors.Open(Path.Combine(TinyBert, "expected.safetensors"));
        using var model = BertModel.Load(TinyBert, TestDevice.Device);
        var mask = expected.Read("attention_mask").to(TestDevice.Device);

        var hidden = model.Forward(expected.Read("input_ids").to(TestDevice.Device), mask);

        TensorAssert.Close(expected.Read("pooler_output"), model.Pool(hidden), Tolerance);
        TensorAssert.Close(expected.Read("mean_pooled"), BertModel.MeanPool(hidden, mask), Tolerance);
    }

    [Fact]
    public void RoBERTa_is_BERT_with_its_positions_counted_from_the_row_after_the_padding_id()
    {
        var padId = 1;
        WriteRoberta(padId);
        using var bert = BertModel.Load(TinyBert, CPU);
        using var roberta = BertModel.Load(_folder.Path, CPU);
        using var expected = Safetensors.Open(Path.Combine(TinyBert, "expected.safetensors"));
        var (ids, mask) = (expected.Read("input_ids"), expected.Read("attention_mask"));

        TensorAssert.Close(bert.Forward(ids, mask), roberta.Forward(ids, mask), Tolerance, mask);
        Assert.Equal(bert.Config.MaxTokens, roberta.Config.MaxTokens);
    }

    [Fact]
    public void A_checkpoint_with_a_prefix_and_the_old_names_of_layer_norms_loads()
    {
        _folder.With(TinyBert, "config.json");
        Rewrite(name => "bert." + name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"));

        using var model = BertModel.Load(_folder.Path, CPU);

        using var reference = BertModel.Load(TinyBert, CPU);
        var ids = tensor(new long[] { 1, 17, 93 }, 1, 3);
        TensorAssert.Close(reference.Forward(ids, ones_like(ids)), model.Forward(ids, ones_like(ids)), Tolerance);
    }

    [Fact]
    public void Weights_that_lack_a_tensor_are_refused_by_its_name()
    {
        _folder.With(TinyBert, "config.json");
        Rewrite(name => name == "encoder.layer.2.output.dense.bias" ? null : name);

        var error = Assert.Throws<InvalidDataException>(() => BertModel.Load(_folder.Path, CPU));

        Assert.Contains("encoder.layer.2.output.dense.bias [64]", error.Message);
    }

    [Fact]
    public void A_folder_of_another_architecture_is_refused_by_its_type()
    {
        File.WriteAllText(_folder.File("config.json"), """{ "model_type": "t5" }""");

        var error = Assert.Throws<InvalidDataException>(() => BertModel.Load(_folder.Path, CPU));

        Assert.Contains("model_type 't5' is no encoder. Supported: BertModel,", error.Message);
    }

    private void WriteRoberta(int padId)
    {
        var config = File.ReadAllText(Path.Combine(TinyBert, "config.json"));
        File.WriteAllText(
            _folder.File("config.json"),
            config.Replace("\"model_type\": \"bert\"", "\"model_type\": \"roberta\"")
                .Replace("\"pad_token_id\": 0", $"\"pad_token_id\": {padId}")
                .Replace("\"max_position_embeddings\": 64", $"\"max_position_embeddings\": {64 + padId + 1}"));
        Rewrite(name => name, (name, weight) => name.EndsWith("position_embeddings.weight", StringComparison.Ordinal)
            ? cat([zeros(padId + 1, weight.shape[1]), weight], 0) : weight);
    }

    /// <summary>Writes tiny-bert's weights under other names (null leaves one out) and, where given, with other values.</summary>
    private void Rewrite(Func<string, string?> rename, Func<string, Tensor, Tensor>? change = null)
    {
        using var source = Safetensors.Open(Path.Combine(TinyBert, "model.safetensors"));
        var weights =
            source.Entries.Keys.Select(name => (Name: rename(name), Weight: (change ?? ((_, weight) => weight))(name, source.Read(name))))
            .Where(item => item.Name is not null).ToDictionary(item => item.Name!, item => item.Weight);
        SafetensorsWriter.Write(_folder.File("model.safetensors"), weights);
    }
}
