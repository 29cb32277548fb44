using Rer.Engine.Models.Architectures;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Rewards.Relevance;

/// <summary>
/// Relevance as Contriever defines it (Izacard et al. 2022): the dot product of two texts' mean-pooled hidden states. Any
/// BERT-family folder serves.
/// </summary>
/// <remarks>
/// A text longer than the encoder takes (512 tokens) loses its beginning: the paper's implementation truncates from the left.
/// </remarks>
internal sealed class ContrieverRelevance : EmbeddingRelevance<float[]>
{
    /// <summary>The limit of the paper's implementation.</summary>
    public const int MaxTokens = 512;

    /// <summary>Texts a forward pass.</summary>
    private const int BatchSize = 32;

    private readonly BertModel _model;
    private readonly ITokenizer _tokenizer;

    /// <summary>Takes over <paramref name="model"/>.</summary>
    internal ContrieverRelevance(BertModel model, ITokenizer tokenizer) => (_model, _tokenizer) = (model, tokenizer);

    /// <inheritdoc/>
    public override string Name => "contriever";

    /// <summary>3.5: the published range, made for these inner products.</summary>
    public override double Ceiling => PrecomputedRelevance.PublishedCeiling;

    /// <summary>Loads encoder and tokenizer from one folder, Hugging Face layout.</summary>
    /// <exception cref="FileNotFoundException">The folder lacks a file; the message names it.</exception>
    /// <exception cref="InvalidDataException">The files do not fit together; the message says how.</exception>
    public static ContrieverRelevance Load(string folder, Device device)
    {
        var tokenizer = TokenizerLoader.Load(folder);
        var model = BertModel.Load(folder, device);
        if (tokenizer.VocabularySize <= model.Config.VocabularySize) return new ContrieverRelevance(model, tokenizer);
        model.Dispose();
        throw new InvalidDataException(
            $"{folder}: the tokenizer has {tokenizer.VocabularySize} ids, the encoder embeds {model.Config.VocabularySize}. They belong to "
                + "different models.");
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Embedded<float[]>> Embed(IReadOnlyList<string> texts)
    {
        var encoded = texts.Select(Encode).ToArray();
        var ids = Array.ConvertAll(encoded, text => text.Ids);
        var embeddings = new Embedded<float[]>[texts.Count];

        // Texts of like length share a pass, so that little of it is padding.
        foreach (var batch in Enumerable.Range(0, ids.Length).OrderBy(i => ids[i].Length).Chunk(BatchSize))
        {
            var pooled = MeanPool(Array.ConvertAll(batch, i => ids[i]));
            for (var row = 0; row < batch.Length; row++)
                embeddings[batch[row]] = new Embedded<float[]>(pooled[row], encoded[batch[row]].Cut);
        }
        return embeddings;
    }

    /// <inheritdoc/>
    protected override double Product(float[] left, float[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++) sum += (double)left[i] * right[i];
        return sum;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _model.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Token ids with the special tokens, the text cut from the left to what the encoder takes.</summary>
    internal (int[] Ids, bool Cut) Encode(string text)
    {
        var ids = _tokenizer.Encode(text);
        var limit = Math.Min(MaxTokens, _model.Config.MaxTokens);
        // The first token is the special one that opens every sequence ([CLS], <s>): what is cut stands after it.
        return ids.Length <= limit ? (ids, false) : ([ids[0], .. ids[^(limit - 1)..]], true);
    }

    /// <summary>Mean-pooled hidden states of one batch, a row per sequence.</summary>
    private float[][] MeanPool(int[][] ids)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var length = ids.Max(row => row.Length);
        var padded = new long[ids.Length * length];
        var mask = new long[padded.Length];
        Array.Fill(padded, _model.Config.PadId);
        for (var row = 0; row < ids.Length; row++)
        {
            for (var i = 0; i < ids[row].Length; i++) padded[row * length + i] = ids[row][i];
            mask.AsSpan(row * length, ids[row].Length).Fill(1);
        }
        var maskTensor = tensor(mask, ids.Length, length, device: _model.Device);
        var hidden = _model.Forward(tensor(padded, ids.Length, length, device: _model.Device), maskTensor);
        var pooled = BertModel.MeanPool(hidden, maskTensor).cpu().data<float>().ToArray();
        return [.. pooled.Chunk(_model.Config.HiddenSize)];
    }
}
