using System.Text.RegularExpressions;
using Rer.Engine.Input;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// Which fields of config.json may stand there. Most are metadata, or are told by the weights' names and shapes. A field that speaks of
/// the computation must be one that is read here, or have the value at which it changes nothing: a model that computes something else
/// than its author's code is worse than one that is refused.
/// </summary>
internal static partial class ConfigRules
{
    /// <summary>Read by <see cref="ModelConfigReader"/>, <see cref="RopeFields"/>, <see cref="BertConfig"/> or the reward models.</summary>
    private static readonly HashSet<string> Understood =
    [
        "activation_function", "add_cross_attention", "attention_bias", "hidden_act", "initializer_range", "layer_norm_eps",
            "layer_norm_epsilon",
        "layer_types", "max_position_embeddings", "max_window_layers", "mean", "n_positions", "normalize_reward", "num_attention_heads",
        "partial_rotary_factor", "pooling", "position_embedding_type", "rms_norm_eps", "rope_parameters", "rope_scaling", "rope_theta",
        "rotary_emb_base", "rotary_pct", "scale_attn_by_inverse_layer_idx", "scale_attn_weights", "sliding_window", "use_parallel_residual",
        "use_sliding_window",
    ];

    /// <summary>Of training, of speed, of precision, or of tasks that are not computed here.</summary>
    private static readonly HashSet<string> Harmless =
    [
        "attention_dropout", "attention_probs_dropout_prob", "attn_implementation", "attn_pdrop", "chunk_size_feed_forward",
            "output_attentions",
        "pooler_num_attention_heads", "reorder_and_upcast_attn", "summary_activation", "use_memory_efficient_attention",
            "attention_softmax_in_fp32",
        "original_max_position_embeddings", "fused_attention", "use_xformers", "scale_grad",
    ];

    /// <summary>Fields of other architectures, each with the values, as JSON writes them, at which it changes nothing.</summary>
    private static readonly Dictionary<string, string[]> Neutral = new()
    {
        ["attention_multiplier"] = ["1", "1.0"],
        ["attn_logit_softcapping"] = [],
        ["clip_qkv"] = [],
        ["embedding_multiplier"] = ["1", "1.0"],
        ["final_logit_softcapping"] = [],
        ["hidden_activation"] = ["\"silu\""],
        ["logit_scale"] = ["1", "1.0"],
        ["logits_scaling"] = ["1", "1.0"],
        ["n_routed_experts"] = ["0"],
        ["norm_type"] = ["\"rms_norm\"", "\"rmsnorm\""],
        ["num_experts"] = ["0"],
        ["num_local_experts"] = ["0", "1"],
        ["num_logits_to_keep"] = ["0"],
        ["parallel_attn"] = [],
        ["qk_norm"] = [],
        ["quantization_config"] = [],
        ["residual_multiplier"] = ["1", "1.0"],
        ["rope_interleaved"] = [],
        ["use_logit_scaling"] = [],
        ["use_qk_norm"] = [],
    };

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidDataException">A field is not understood and may change what the model computes; the message names all of
    /// them.</exception>
    public static void Check(ConfigFields fields)
    {
        string[] wrong = [.. fields.Names.Distinct().Where(name => !MayStand(fields, name))];
        if (wrong.Length == 0) return;
        var named = string.Join(", ", wrong.Take(8).Select(name => $"{Excerpt.Of(name)} ({Excerpt.Of(fields.Raw(name)!)})"));
        var more = wrong.Length > 8 ? $" and {wrong.Length - 8} more" : "";
        throw new InvalidDataException(
            $"{fields.Path}: {named}{more}: not understood here, and may change what the model computes. {Advice(wrong)}");
    }

    private static bool MayStand(ConfigFields fields, string name)
    {
        var value = fields.Raw(name);
        if (value is null or "false" or "[]" or "{}") return true;
        if (Neutral.TryGetValue(name, out var neutral)) return neutral.Contains(value);
        return Understood.Contains(name) || Harmless.Contains(name) || Metadata().IsMatch(name) || !OfTheComputation().IsMatch(name);
    }

    private static string Advice(string[] wrong) => wrong.Contains("quantization_config")
        ? "Quantized weights are not read: take the repository with the weights as they were before."
        : "Use a model without it; remove a field only where its author's code computes the same without it.";

    /// <summary>The program's own notes, versions, paths, ids and switches of speed.</summary>
    [GeneratedRegex("^_|_version$|_path$|_token_ids?$|flash|dropout|^task_|label")]
    private static partial Regex Metadata();

    /// <summary>
    /// What names of fields that work without weights of their own are made of: scales, caps, masks, positions, norms, activations.
    /// </summary>
    [GeneratedRegex("attn|attention|alibi|rope|rotary|ntk|position|norm|logit|scal|multipl|soft_?cap|clip|window|sink|sparse|residual"
        + "|factor|mup|activation|_act$|quant|expert|moe|router|parallel|causal|mask")]
    private static partial Regex OfTheComputation();
}
