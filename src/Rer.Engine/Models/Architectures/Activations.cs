using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>Activation functions by the names that config.json uses.</summary>
internal static class Activations
{
    /// <summary>The names known.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["silu", "swish", "gelu", "gelu_python", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "quick_gelu", "relu"];

    /// <summary>The function of that name.</summary>
    /// <exception cref="NotSupportedException">No function has that name.</exception>
    public static Func<Tensor, Tensor> Find(string name) => name switch
    {
        "silu" or "swish" => x => nn.functional.silu(x),
        "gelu" or "gelu_python" => x => nn.functional.gelu(x),
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => TanhGelu,
        "quick_gelu" => x => x * (1.702 * x).sigmoid(),
        "relu" => x => nn.functional.relu(x),
        _ => throw new NotSupportedException($"Activation '{name}' is not supported. Supported: {string.Join(", ", Names)}."),
    };

    /// <summary>`x/2 (1 + tanh(sqrt(2/pi) (x + .044715 x³)))` (Hendrycks and Gimpel 2016).</summary>
    private static Tensor TanhGelu(Tensor x) => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh());
}
