using Rer.Engine.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// The shape of a transformer, read from a Hugging Face `config.json` (with the token ids of `generation_config.json` over
/// it). One record serves every architecture here; what an architecture has not keeps its default.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>First entry of `architectures`, such as `LlamaForCausalLM`.</summary>
    public string Architecture { get; init; } = "LlamaForCausalLM";

    /// <summary>`model_type`: `llama`, `mistral`, `qwen2`, `qwen3`, `gpt2`, `gpt_neox`.</summary>
    public string ModelType { get; init; } = "llama";

    /// <summary>Rows of the embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Transformer blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; fewer than <see cref="Heads"/> under grouped-query attention (Ainslie et al. 2023).</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Context, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Epsilon of the normalisation layers. Default 1e-5 (Llama 2).</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Base of the rotary frequencies. Default 10,000 (Su et al. 2021).</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Share of a head that is rotated. Default 1; GPT-NeoX .25.</summary>
    public double RotaryFraction { get; init; } = 1;

    /// <summary>Stretching of the rotary frequencies, or null.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>The output head is the embedding. Default false (Llama).</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Biases on q, k and v. Default false; true in Qwen2. In GPT-NeoX on the output projection too, and as a rule true.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Bias on the attention's output projection. Default false.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Biases in the feed-forward layer. Default false.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Normalise each query and key head before the rotation (Qwen3). Default false.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>A token sees this many tokens, itself included; null sees all (Mistral 7B v0.1: 4,096).</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Whether <see cref="SlidingWindow"/> applies, for each layer; null where it applies to all.</summary>
    public IReadOnlyList<bool>? SlidingWindowLayers { get; init; }

    /// <summary>Divide attention's scores by the square root of the head size (GPT-2's `scale_attn_weights`). Default true.</summary>
    public bool ScaleAttention { get; init; } = true;

    /// <summary>Divide them by the layer's number besides (GPT-2's `scale_attn_by_inverse_layer_idx`). Default false.</summary>
    public bool ScaleAttentionByLayer { get; init; }

    /// <summary>Attention and feed-forward read the same input (GPT-NeoX's `use_parallel_residual`). Default false.</summary>
    public bool ParallelResidual { get; init; }

    /// <summary>`silu`, `gelu`, `gelu_new`, ... Default `silu` (Llama).</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Standard deviation of fresh weights. Default .02.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Beginning-of-sequence id, where the model has one.</summary>
    public int? BosId { get; init; }

    /// <summary>Ids that end a sequence: one, several or none.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Padding id, where the model has one.</summary>
    public int? PadId { get; init; }

    /// <summary>`torch_dtype` of the checkpoint, or null.</summary>
    public ScalarType? CheckpointType { get; init; }

    /// <summary>The `config.json` this was read from, kept so that a saved folder loses none of its fields; null for a new model.</summary>
    public string? SourceJson { get; init; }

    /// <summary>Reads a model folder's `config.json` and, where there is one, `generation_config.json`.</summary>
    /// <exception cref="FileNotFoundException">The folder or its config.json is not there.</exception>
    /// <exception cref="InvalidDataException">A field is missing or has a value that is not supported; the message names it.</exception>
    /// <exception cref="NotSupportedException">The architecture is not one of <see cref="ArchitectureRegistry"/>.</exception>
    public static ModelConfig Read(string folder) => ModelConfigReader.Read(folder);

    /// <summary>Checks that a tokenizer's ids all have a row in the embedding.</summary>
    /// <param name="tokenizerSize">One more than the tokenizer's highest id.</param>
    /// <param name="folder">For the message.</param>
    /// <exception cref="InvalidDataException">The tokenizer is larger than the embedding: it belongs to another model.</exception>
    public void CheckVocabulary(int tokenizerSize, string folder)
    {
        if (tokenizerSize > VocabularySize)
            throw new InvalidDataException(
                $"{folder}: the tokenizer has ids up to {tokenizerSize - 1} but the model's embedding holds {VocabularySize} rows. They "
                    + "belong to different models.");
    }

    /// <summary>The text of a `config.json` for this model.</summary>
    /// <param name="type">Type of the weights saved beside it.</param>
    public string ToJson(ScalarType type) => ModelConfigWriter.Write(this, type);

    /// <summary>
    /// The type that weights are loaded in where nobody says: float32 on the CPU; on CUDA the checkpoint's own, or bfloat16.
    /// </summary>
    internal ScalarType TypeOn(DeviceType device) =>
        device == DeviceType.CUDA ? CheckpointType ?? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>The window of one layer, or null where it sees everything.</summary>
    /// <summary>How a layer's attention divides its queries, keys and values.</summary>
    internal HeadShape HeadsOf(int layer)
    {
        // A GPT-2 configuration may leave the square root of the head size off, or divide by the layer's number besides.
        var scale = (ScaleAttention ? 1 / Math.Sqrt(HeadSize) : 1) / (ScaleAttentionByLayer ? layer + 1 : 1);
        return new HeadShape(Heads, KeyValueHeads, HeadSize, scale, WindowOf(layer));
    }

    internal int? WindowOf(int layer) => SlidingWindowLayers is null || SlidingWindowLayers[layer] ? SlidingWindow : null;
}
