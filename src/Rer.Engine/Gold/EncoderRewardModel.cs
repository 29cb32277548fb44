using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>
/// An encoder with transformers' classification head: BERT's (`classifier` on the pooler) or RoBERTa's (`classifier.dense`, tanh,
/// `classifier.out_proj` on the first token).
/// </summary>
internal sealed class EncoderRewardModel : IDisposable
{
    private const string Bert = "classifier.weight", RobertaDense = "classifier.dense.weight", Roberta = "classifier.out_proj.weight";

    private readonly BertModel _encoder;
    private readonly WeightStore _head;
    private readonly (Tensor Weight, Tensor Bias)? _dense;
    private readonly (Tensor Weight, Tensor Bias) _output;
    private readonly int _label;

    private EncoderRewardModel(BertModel encoder, WeightStore head, (Tensor Weight, Tensor Bias)? dense,
        (Tensor Weight, Tensor Bias) output, int label) =>
        (_encoder, _head, _dense, _output, _label) = (encoder, head, dense, output, label);

    /// <summary>The encoder's shape.</summary>
    public BertConfig Config => _encoder.Config;

    /// <summary>Where it lives.</summary>
    public Device Device => _encoder.Device;

    /// <summary>Whether weights hold a classification head.</summary>
    internal static bool IsClassifier(WeightFolder weights) => weights.Contains(Roberta) || weights.Contains(Bert);

    /// <summary>Loads a classifier, in float32.</summary>
    /// <param name="folder">Hugging Face layout.</param>
    /// <param name="device">Where to.</param>
    /// <param name="label">The output that is the reward, by name or number, where the head has several.</param>
    /// <exception cref="InvalidDataException">The folder holds no classifier, or its weights do not fit its config.json.</exception>
    public static EncoderRewardModel Load(string folder, Device device, string? label = null)
    {
        using var weights = WeightFolder.Open(folder);
        var roberta = weights.Contains(Roberta);
        if (!IsClassifier(weights))
            throw new InvalidDataException(
                $"{folder}: is no reward model: its weights hold neither {Bert} nor {Roberta}, the heads of an encoder that classifies.");
        var encoder = BertModel.Load(folder, device);
        var store = new WeightStore(device, ScalarType.Float32);
        try
        {
            if (!roberta && !encoder.HasPooler)
                throw new InvalidDataException(
                    $"{folder}: {Bert} reads the encoder's pooler, and the weights hold none (pooler.dense.weight).");
            long hidden = encoder.Config.HiddenSize;
            (Tensor, Tensor) Layer(string weight, long outputs) =>
                (store.Add(weight, [outputs, hidden]), store.Add(weight.Replace(".weight", ".bias"), [outputs]));
            var shape = weights.Entries.First(entry => entry.Name == (roberta ? Roberta : Bert)).Shape;
            if (shape is not [var labels and > 0, var width] || width != hidden)
                throw new InvalidDataException(
                    $"{folder}: {(roberta ? Roberta : Bert)} is {SafetensorsEntry.Describe(shape)}; a head is [outputs, {hidden}].");
            (Tensor, Tensor)? dense = roberta ? Layer(RobertaDense, hidden) : null;
            var output = Layer(roberta ? Roberta : Bert, labels);
            store.Load(weights, name => !name.StartsWith("classifier.", StringComparison.Ordinal));
            return new EncoderRewardModel(encoder, store, dense, output, RewardLabels.Index(folder, labels, label));
        }
        catch
        {
            store.Dispose();
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>The reward of each sequence.</summary>
    /// <param name="ids">Token ids, `[batch, tokens]`, int64.</param>
    /// <param name="mask">1 on tokens, 0 on padding, `[batch, tokens]`, int64.</param>
    /// <param name="tokenTypes">Which text a token belongs to, `[batch, tokens]`, int64; null where there is one.</param>
    /// <returns>`[batch]`, float32.</returns>
    public Tensor Rewards(Tensor ids, Tensor mask, Tensor? tokenTypes)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.Forward(ids, mask, Config.TellsTextsApart ? tokenTypes : null);
        var first =
            _dense is { } dense ? nn.functional.linear(hidden.select(1, 0), dense.Weight, dense.Bias).tanh() : _encoder.Pool(hidden);
        return nn.functional.linear(first, _output.Weight, _output.Bias).select(1, _label).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _head.Dispose();
        _encoder.Dispose();
    }
}
