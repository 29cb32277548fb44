using Rer.Torch;
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
        if (Fused.For(x) is { } fused && Decodes(x, fused)) return fused.FewRowsLinear(x, weight, bias);
        return OverSequences(x, weight, bias);
    }

    /// <summary>
    /// Whether x is a decoding step's, which multiplies few rows by every weight: those are then better read once, as they lie. Passes
    /// over whole sequences keep to one path, so that they give the same bits with a gradient and without.
    /// </summary>
    public static bool Decodes(Tensor x, IFusedKernels fused) =>
        !is_grad_enabled() && (x.ndim == 2 || x.shape[1] == 1) && x.numel() <= fused.FewRows * x.shape[^1];

    /// <summary>The same, by the path that whole sequences take, however few the rows.</summary>
    public static Tensor OverSequences(Tensor x, Tensor weight, Tensor? bias = null) =>
        Fused.For(x) is { } fused ? fused.Linear(x, weight, bias) : nn.functional.linear(x, weight, bias);
}
