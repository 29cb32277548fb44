using Rer.Engine.Kernels.Simd.Products;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels.Simd;

/// <summary><see cref="GatedUnit"/> as an operator with a gradient.</summary>
internal sealed unsafe class GatedSiluFunction : SingleTensorFunction<GatedSiluFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(GatedSiluFunction);

    /// <summary>(gate and up side by side) to the gated unit.</summary>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ctx.save_for_backward([(Tensor)vars[0]]);
        return Compute((Tensor)vars[0]);
    }

    /// <summary>The unit alone.</summary>
    public static Tensor Compute(Tensor stacked)
    {
        var shape = stacked.shape;
        shape[^1] /= 2;
        var y = Matrix.New(shape);
        var result = Matrix.Of(y);
        GatedUnit.Forward(Matrix.Floats(stacked), result.Data, result.Rows, result.Columns);
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        using var stacked = ctx.get_saved_variables()[0];
        using var dy = grad_output.contiguous();
        var dStacked = Matrix.New(stacked.shape);
        var given = Matrix.Of(dy);
        GatedUnit.Backward(Matrix.Floats(stacked), given.Data, Matrix.Floats(dStacked), given.Rows, given.Columns);
        return [dStacked];
    }
}
