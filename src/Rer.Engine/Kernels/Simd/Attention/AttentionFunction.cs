using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels.Simd.Attention;

/// <summary><see cref="CausalAttention"/> over a stacked projection as an operator with a gradient.</summary>
internal sealed unsafe class AttentionFunction : SingleTensorFunction<AttentionFunction>
{
    private const string Call = nameof(Call);

    /// <inheritdoc/>
    public override string Name => nameof(AttentionFunction);

    /// <summary>Attention, with a graph where one is wanted.</summary>
    public static Tensor Run(Tensor stacked, HeadShape heads, Rotation? rotation, SequenceLayout layout, KeyValues? kept)
    {
        stacked = Matrix.Dense(stacked);
        var attention = new CausalAttention(stacked.size(0), stacked.size(1), heads, new Angles(rotation), layout);
        if (is_grad_enabled() && stacked.requires_grad) return apply(stacked, heads, attention, rotation!);
        var y = NewResult(stacked, heads);
        Forward(attention, stacked, heads, y, null, KeptKeys.Of(kept));
        return y;
    }

    /// <summary>(stacked, heads, attention, rotation or null) to what attention gives.</summary>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (stacked, heads, attention) = ((Tensor)vars[0], (HeadShape)vars[1], (CausalAttention)vars[2]);
        var y = NewResult(stacked, heads);
        var logTotals = Matrix.New(stacked.size(0), stacked.size(1), heads.Heads);
        Forward(attention, stacked, heads, y, Matrix.Floats(logTotals), default);
        // The attention goes on reading the rotation where it lies.
        ctx.save_for_backward(vars[3] is Rotation(var cos, var sin) ? [stacked, logTotals, cos, sin] : [stacked, logTotals]);
        ctx.save_data(Call, (heads, attention));
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (heads, attention) = ((HeadShape, CausalAttention))ctx.get_data(Call);
        using var dy = grad_output.contiguous();
        var dStacked = Matrix.New(saved[0].shape);
        var tokens = saved[0].size(1);
        var (query, key, value) = HeadsInMemory.Stacked(Matrix.Floats(saved[0]), tokens, heads);
        var (dQuery, dKey, dValue) = HeadsInMemory.Stacked(Matrix.Floats(dStacked), tokens, heads);
        attention.Backward(
            query, key, value, HeadsInMemory.Alone(Matrix.Floats(dy), tokens, heads), Matrix.Floats(saved[1]), dQuery, dKey, dValue);
        foreach (var tensor in saved) tensor.Dispose();
        return [dStacked, null!, null!, null!];
    }

    private static Tensor NewResult(Tensor stacked, HeadShape heads) =>
        Matrix.New(stacked.size(0), stacked.size(1), (long)heads.Heads * heads.Size);

    private static void Forward(CausalAttention attention, Tensor stacked, HeadShape heads, Tensor y, float* logTotals, KeptKeys kept)
    {
        var tokens = stacked.size(1);
        var (query, key, value) = HeadsInMemory.Stacked(Matrix.Floats(stacked), tokens, heads);
        attention.Forward(query, key, value, HeadsInMemory.Alone(Matrix.Floats(y), tokens, heads), logTotals, kept);
    }
}
