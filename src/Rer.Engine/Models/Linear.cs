using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Linear layers.</summary>
internal static class Linear
{
    /// <summary>`x weightᵀ + bias`.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    public static Tensor Forward(Tensor x, Tensor weight, Tensor? bias = null)
    {
        // A decoding step multiplies few rows by every weight, which are then better read once, as they lie. Passes over whole
        // sequences keep to one path, so that they give the same bits with a gradient and without.
        var decodes = !is_grad_enabled() && (x.ndim == 2 || x.shape[1] == 1);
        if (decodes && Fused.For(x) is { } fused && x.numel() <= fused.FewRows * x.shape[^1]) return fused.FewRowsLinear(x, weight, bias);
        return nn.functional.linear(x, weight, bias);
    }
}
