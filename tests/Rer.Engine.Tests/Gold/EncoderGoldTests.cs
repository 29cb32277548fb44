using System.Text.Json.Nodes;
using Rer.Engine.Gold;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using Rer.Engine.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Rer.Engine.Tests.Gold;

public sealed class EncoderGoldTests : IDisposable
{
    private static readonly GoldItem[] Items =
        [new("What is it?", "A cat"), new("Why", "because it rains and the road is wet"), new("a", "b")];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    private static string TinyBert => Fixtures.File("models", "tiny-bert");

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void BERT_is_read_through_its_pooler_and_told_query_from_response_by_type()
    {
        var (weight, bias) = (randn([1, 64], generator: _generator), randn([1], generator: _generator));
        Write("bert", ("classifier.weight", weight), ("classifier.bias", bias));
        using var bert = BertModel.Load(TinyBert, CPU);
        using var gold = Gold();
        var scores = gold.Score(Items);
        for (var i = 0; i < Items.Length; i++)
        {
            var pair = new CharacterTokenizer().EncodePair(Items[i].Query, Items[i].Response);
            var hidden = bert.Forward(Row(pair.Ids), ones_like(Row(pair.Ids)), Row(pair.TypeIds));
            Assert.Equal(linear(bert.Pool(hidden), weight, bias).item<float>(), scores[i], 2e-5);
            Assert.NotEqual(linear(bert.Pool(bert.Forward(Row(pair.Ids), ones_like(Row(pair.Ids)))), weight, bias).item<float>(), scores[i],
                1e-4);
        }
    }

    [Fact]
    public void RoBERTa_is_read_at_its_first_token_through_a_layer_of_its_own()
    {
        Tensor Random(params long[] shape) => randn(shape, generator: _generator);
        var (dense, denseBias, output, outputBias) = (Random(64, 64) * 0.1, Random(64), Random(2, 64), Random(2));
        Write("roberta", ("classifier.dense.weight", dense), ("classifier.dense.bias", denseBias), ("classifier.out_proj.weight", output),
            ("classifier.out_proj.bias", outputBias));
        using var roberta = BertModel.Load(_folder.Path, CPU);
        Assert.Contains("2 values: LABEL_0, LABEL_1", Assert.Throws<InvalidDataException>(() => Gold()).Message);
        using var gold = Gold("1");
        var scores = gold.Score(Items);
        for (var i = 0; i < Items.Length; i++)
        {
            var ids = Row(new CharacterTokenizer().EncodePair(Items[i].Query, Items[i].Response).Ids);
            var first = roberta.Forward(ids, ones_like(ids)).select(1, 0);
            Assert.Equal(linear(linear(first, dense, denseBias).tanh(), output, outputBias)[0, 1].item<float>(), scores[i], 2e-5);
        }
    }

    [Fact]
    public void What_is_too_long_loses_the_beginning_of_the_query_and_keeps_the_special_tokens()
    {
        Write("bert", ("classifier.weight", randn([1, 64], generator: _generator)), ("classifier.bias", zeros(1)));
        using var gold = Gold();
        var query = new string('q', 70);
        // 64 places: one for the token that begins the sequence, ten for the response, 53 for the end of the query.
        Assert.Equal(gold.Score([new GoldItem("xyz" + query[..50], "a response")]),
            gold.Score([new GoldItem(query + "xyz" + query[..50], "a response")]));
        // The first fills all 64 places and is read whole.
        Assert.Equal([false, true], gold.Judge([new("xyz" + query[..50], "a response"), new("wxyz" + query[..50], "a response")])
            .Select(score => score.Cut!.Value));
    }

    [Fact]
    public void An_encoder_without_a_head_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => EncoderRewardModel.Load(TinyBert, CPU));
        Assert.Contains("classifier.weight", error.Message);
        Assert.Contains("without a classification head", GoldRewardModels.Problem(TinyBert));
    }

    private EncoderGold Gold(string? label = null) =>
        new("test", EncoderRewardModel.Load(_folder.Path, CPU, label), new CharacterTokenizer(), null);

    private static Tensor Row(int[] ids) => tensor(Array.ConvertAll(ids, id => (long)id)).unsqueeze(0);

    private void Write(string type, params (string Name, Tensor Weight)[] head)
    {
        using var source = Safetensors.Open(Path.Combine(TinyBert, "model.safetensors"));
        var weights = source.Entries.Keys.ToDictionary(name => $"{type}.{name}", source.Read);
        foreach (var (name, weight) in head) weights.Add(name, weight);
        SafetensorsWriter.Write(_folder.File("model.safetensors"), weights);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyBert, "config.json")))!.AsObject();
        json["model_type"] = type;
        File.WriteAllText(_folder.File("config.json"), json.ToJsonString());
    }
}
