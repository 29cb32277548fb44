using static TorchSharp.torch;

namespace Rer.Engine.Models.Attention;

/// <summary>Cosines and sines of the rotary embedding for a batch: [batch or 1, tokens, 1, rotated] each.</summary>
internal readonly record struct Rotation(Tensor Cos, Tensor Sin)
{
    /// <summary>Rotates the first part of each head; what lies beyond it (GPT-NeoX) passes through.</summary>
    /// <param name="x">[batch, tokens, heads, head size].</param>
    public Tensor Apply(Tensor x)
    {
        var rotated = Cos.shape[^1];
        if (rotated == x.shape[^1]) return Turn(x);
        return cat([Turn(x.narrow(-1, 0, rotated)), x.narrow(-1, rotated, x.shape[^1] - rotated)], -1);
    }

    private Tensor Turn(Tensor x)
    {
        var half = x.shape[^1] / 2;
        var quarterTurn = cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1);
        return (x * Cos).addcmul(quarterTurn, Sin, 1);
    }
}
