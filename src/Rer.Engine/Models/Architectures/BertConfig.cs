using Rer.Engine.Input;

namespace Rer.Engine.Models.Architectures;

/// <summary>Shape of a BERT-family encoder, as `config.json` gives it.</summary>
public sealed record BertConfig
{
    /// <summary>Word embeddings.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of a hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Encoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads a layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the feed-forward network.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Rows of the position embedding.</summary>
    public required int PositionEmbeddings { get; init; }

    /// <summary>Rows of the token type embedding: one in RoBERTa, which tells no texts apart; two in BERT.</summary>
    public required int TokenTypes { get; init; }

    /// <summary>Epsilon of the layer norms. Default 1e-12 (BERT).</summary>
    public double LayerNormEpsilon { get; init; } = 1e-12;

    /// <summary>Activation of the feed-forward network. Default `gelu`.</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary>The padding id. Default 0 (BERT).</summary>
    public int PadId { get; init; }

    /// <summary>
    /// The first position's row: 0 in BERT; in RoBERTa the padding id + 1, for its position embedding keeps the rows up to the
    /// padding id for padding.
    /// </summary>
    public int PositionOffset { get; init; }

    /// <summary>
    /// Whether a token's type tells a second text from the first: in BERT, not in RoBERTa, whose tokenizers call all tokens type 0.
    /// </summary>
    public bool TellsTextsApart => PositionOffset == 0 && TokenTypes > 1;

    /// <summary>Most tokens in a sequence.</summary>
    public int MaxTokens => PositionEmbeddings - PositionOffset;

    /// <summary>Reads a folder's `config.json`.</summary>
    /// <exception cref="FileNotFoundException">The folder has no `config.json`.</exception>
    /// <exception cref="InvalidDataException">It is not the configuration of an encoder that <see cref="BertModel"/> computes.</exception>
    public static BertConfig Load(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file; an encoder's folder holds config.json and model.safetensors.",
                path);
        var fields = ConfigFields.Read(path);

        var type = fields.Text("model_type", "");
        if (!ArchitectureRegistry.IsEncoder(type))
            throw new InvalidDataException(
                $"{path}: model_type '{Excerpt.Of(type)}' is no encoder. Supported: {string.Join(", ", ArchitectureRegistry.Encoders)}.");
        ConfigRules.Check(fields);
        fields.OneOf("position_embedding_type", "absolute", "absolute");
        fields.OneOf("is_decoder", "False", "False");
        var padId = fields.OptionalInt("pad_token_id") ?? (type == "bert" ? 0 : 1);
        var config = new BertConfig
        {
            VocabularySize = fields.Size("vocab_size", int.MaxValue),
            HiddenSize = fields.Size("hidden_size", ModelConfigReader.MostWidth),
            Layers = fields.Size("num_hidden_layers", ModelConfigReader.MostLayers),
            Heads = fields.Size("num_attention_heads", ModelConfigReader.MostWidth),
            IntermediateSize = fields.Size("intermediate_size", ModelConfigReader.MostWidth),
            PositionEmbeddings = fields.Size("max_position_embeddings", int.MaxValue),
            TokenTypes = fields.Size("type_vocab_size", int.MaxValue),
            LayerNormEpsilon = fields.NotNegative("layer_norm_eps", 1e-12),
            Activation = fields.OneOf("hidden_act", "gelu", Activations.Names),
            PadId = padId,
            PositionOffset = type == "bert" ? 0 : padId + 1,
        };
        if (padId < 0 || padId >= config.VocabularySize)
            throw new InvalidDataException($"{path}: pad_token_id {padId} is outside the vocabulary of {config.VocabularySize}.");
        if (config.MaxTokens < 1)
            throw new InvalidDataException(
                $"{path}: max_position_embeddings {config.PositionEmbeddings} leaves no position behind the {config.PositionOffset} kept "
                + $"for padding.");
        if (config.HiddenSize % config.Heads != 0)
            throw new InvalidDataException(
                $"{path}: the hidden size ({config.HiddenSize}) is not a multiple of the number of attention heads ({config.Heads}).");
        return config;
    }
}
