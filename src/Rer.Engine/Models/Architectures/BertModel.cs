using Rer.Engine.Models.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// The BERT encoder (Devlin et al. 2019): embeddings, then layers of self-attention and feed-forward, each followed by a residual
/// sum and a layer norm. RoBERTa (Liu et al. 2019) is the same encoder with its positions counted from another row.
/// </summary>
internal sealed class BertModel : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Layer[] _layers;
    private readonly Func<Tensor, Tensor> _activation;

    private BertModel(BertConfig config, Dictionary<string, Tensor> weights, Device device)
    {
        (Config, Device, _weights, _activation) = (config, device, weights, Activations.Find(config.Activation));
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new Layer(this, $"encoder.layer.{i}"))];
    }

    /// <summary>The encoder's shape.</summary>
    public BertConfig Config { get; }

    /// <summary>Where its weights are.</summary>
    public Device Device { get; }

    /// <summary>Reads an encoder, in float32, from a folder in Hugging Face layout.</summary>
    /// <exception cref="FileNotFoundException">The folder lacks `config.json` or the weights.</exception>
    /// <exception cref="InvalidDataException">Configuration and weights do not describe one encoder; the message names the
    /// tensor.</exception>
    public static BertModel Load(string folder, Device device)
    {
        var config = BertConfig.Load(folder);
        using var files = WeightFolder.Open(folder);

        // A checkpoint saved with a task's head keeps the encoder under `bert.` or `roberta.`.
        const string anchor = "embeddings.word_embeddings.weight";
        var prefix = files.Entries.FirstOrDefault(entry => entry.Name.EndsWith(anchor, StringComparison.Ordinal))?.Name[..^anchor.Length]
            ?? throw new InvalidDataException($"{folder}: no tensor is named {anchor}: these are not the weights of a BERT encoder.");

        // The first published checkpoints call a layer norm's weight and bias gamma and beta.
        string Stored(string name)
        {
            var first = (prefix + name).Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
                .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);
            return files.Contains(first) ? first : prefix + name;
        }

        var shapes = Shapes(config, withPooler: files.Contains(prefix + "pooler.dense.weight")).ToArray();
        files.Check(shapes.ToDictionary(item => Stored(item.Name), item => item.Shape), ignorable: _ => true);
        var weights = new Dictionary<string, Tensor>();
        foreach (var (name, shape) in shapes)
        {
            var weight = empty(shape, ScalarType.Float32, device).DetachFromDisposeScope();
            files.ReadInto(Stored(name), weight);
            weights.Add(name, weight);
        }
        return new BertModel(config, weights, device);
    }

    /// <summary>The last layer's hidden states, `[batch, tokens, hidden]`.</summary>
    /// <param name="ids">Token ids, `[batch, tokens]`, int64.</param>
    /// <param name="mask">1 on tokens, 0 on padding, `[batch, tokens]`, int64.</param>
    /// <param name="tokenTypes">0 on the first text, 1 on a second, `[batch, tokens]`, int64; null where there is one text.</param>
    public Tensor Forward(Tensor ids, Tensor mask, Tensor? tokenTypes = null) => HiddenStates(ids, mask, tokenTypes)[^1];

    /// <summary>The embeddings' output and then each layer's, `[batch, tokens, hidden]` each.</summary>
    /// <inheritdoc cref="Forward"/>
    public Tensor[] HiddenStates(Tensor ids, Tensor mask, Tensor? tokenTypes = null)
    {
        var attend = (1 - mask.to(ScalarType.Float32)).unsqueeze(1).unsqueeze(1) * float.MinValue; // [batch, 1, 1, tokens]
        var states = new Tensor[_layers.Length + 1];
        states[0] = Embed(ids, mask, tokenTypes);
        for (var i = 0; i < _layers.Length; i++) states[i + 1] = _layers[i].Forward(states[i], attend);
        return states;
    }

    /// <summary>Whether the checkpoint has a pooler.</summary>
    public bool HasPooler => _weights.ContainsKey("pooler.dense.weight");

    /// <summary>The pooler's view of the first token, `[batch, hidden]`.</summary>
    /// <param name="hidden">The last hidden states, `[batch, tokens, hidden]`.</param>
    /// <exception cref="InvalidOperationException">The checkpoint was saved without a pooler.</exception>
    public Tensor Pool(Tensor hidden) => HasPooler
        ? Linear("pooler.dense", hidden.select(1, 0)).tanh()
        : throw new InvalidOperationException("This encoder's checkpoint has no pooler.");

    /// <summary>The mean of the hidden states over the tokens that are not padding, `[batch, hidden]`.</summary>
    /// <param name="hidden">The last hidden states, `[batch, tokens, hidden]`.</param>
    /// <param name="mask">1 on tokens, 0 on padding, `[batch, tokens]`; at least one token a row.</param>
    public static Tensor MeanPool(Tensor hidden, Tensor mask)
    {
        var weight = mask.to(hidden.dtype).unsqueeze(-1);
        return (hidden * weight).sum(1) / weight.sum(1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
        _weights.Clear();
    }

    private Tensor Embed(Tensor ids, Tensor mask, Tensor? tokenTypes)
    {
        // BERT counts every place, RoBERTa only tokens: padding stays on the padding id's row.
        var positions = Config.PositionOffset == 0
            ? arange(ids.shape[1], ScalarType.Int64, Device).expand(ids.shape)
            : mask.cumsum(1) * mask + Config.PadId;
        var embedded = Rows("embeddings.word_embeddings.weight", ids)
            + (tokenTypes is null ? _weights["embeddings.token_type_embeddings.weight"][0]
                : Rows("embeddings.token_type_embeddings.weight", tokenTypes))
            + Rows("embeddings.position_embeddings.weight", positions);
        return LayerNorm("embeddings.LayerNorm", embedded);
    }

    private Tensor Rows(string name, Tensor indices) =>
        _weights[name].index_select(0, indices.reshape(-1)).view(indices.shape[0], indices.shape[1], Config.HiddenSize);

    private Tensor Linear(string name, Tensor x) => linear(x, _weights[name + ".weight"], _weights[name + ".bias"]);

    private Tensor LayerNorm(string name, Tensor x) =>
        layer_norm(x, [Config.HiddenSize], _weights[name + ".weight"], _weights[name + ".bias"], Config.LayerNormEpsilon);

    private static IEnumerable<(string Name, long[] Shape)> Shapes(BertConfig config, bool withPooler)
    {
        long hidden = config.HiddenSize, wide = config.IntermediateSize;
        yield return ("embeddings.word_embeddings.weight", [config.VocabularySize, hidden]);
        yield return ("embeddings.position_embeddings.weight", [config.PositionEmbeddings, hidden]);
        yield return ("embeddings.token_type_embeddings.weight", [config.TokenTypes, hidden]);
        var dense = Enumerable.Range(0, config.Layers).Select(i => $"encoder.layer.{i}.").SelectMany(layer => new[]
        {
            (layer + "attention.self.query", hidden, hidden),
            (layer + "attention.self.key", hidden, hidden),
            (layer + "attention.self.value", hidden, hidden),
            (layer + "attention.output.dense", hidden, hidden),
            (layer + "intermediate.dense", wide, hidden),
            (layer + "output.dense", hidden, wide),
        });
        if (withPooler) dense = dense.Append(("pooler.dense", hidden, hidden));
        foreach (var (name, rows, columns) in dense)
        {
            yield return (name + ".weight", [rows, columns]);
            yield return (name + ".bias", [rows]);
        }
        var norms = Enumerable.Range(0, config.Layers)
            .SelectMany(i => new[] { $"encoder.layer.{i}.attention.output.LayerNorm", $"encoder.layer.{i}.output.LayerNorm" });
        foreach (var name in norms.Prepend("embeddings.LayerNorm"))
        {
            yield return (name + ".weight", [hidden]);
            yield return (name + ".bias", [hidden]);
        }
    }

    private sealed class Layer(BertModel model, string name)
    {
        public Tensor Forward(Tensor hidden, Tensor attend)
        {
            var attended = model.Linear($"{name}.attention.output.dense", Attention(hidden, attend));
            var middle = model.LayerNorm($"{name}.attention.output.LayerNorm", hidden + attended);
            var wide = model._activation(model.Linear($"{name}.intermediate.dense", middle));
            return model.LayerNorm($"{name}.output.LayerNorm", middle + model.Linear($"{name}.output.dense", wide));
        }

        /// <summary>Scaled dot-product attention of every head over every token, `[batch, tokens, hidden]`.</summary>
        private Tensor Attention(Tensor hidden, Tensor attend)
        {
            var (batch, tokens, heads) = (hidden.shape[0], hidden.shape[1], model.Config.Heads);
            var query = Heads("query");
            var scores = query.matmul(Heads("key").transpose(-1, -2)) / Math.Sqrt(query.shape[^1]) + attend;
            return softmax(scores, -1).matmul(Heads("value")).transpose(1, 2).reshape(batch, tokens, -1);

            Tensor Heads(string role) => // [batch, heads, tokens, hidden / heads]
                model.Linear($"{name}.attention.self.{role}", hidden).view(batch, tokens, heads, -1).transpose(1, 2);
        }
    }
}
