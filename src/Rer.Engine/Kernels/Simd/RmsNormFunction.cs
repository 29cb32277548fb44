using Rer.Engine.Kernels.Simd.Products;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels.Simd;

/// <summary><see cref="Norm"/> as an operator with gradients.</summary>
internal sealed unsafe class RmsNormFunction : SingleTensorFunction<RmsNormFunction>
{
    private const string Wanted = nameof(Wanted);

    /// <inheritdoc/>
    public override string Name => nameof(RmsNormFunction);

    /// <summary>(x, gain, epsilon) to the norm.</summary>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, gain) = ((Tensor)vars[0], (Tensor)vars[1]);
        var scales = Matrix.New(x.numel() / x.size(-1));
        var y = Compute(x, gain, (double)vars[2], Matrix.Floats(scales));
        ctx.save_for_backward([x, gain, scales]);
        ctx.save_data(Wanted, gain.requires_grad);
        return y;
    }

    /// <summary>The norm alone.</summary>
    public static Tensor Compute(Tensor x, Tensor gain, double epsilon, float* scales)
    {
        var y = Matrix.New(x.shape);
        var rows = Matrix.Of(x);
        Norm.Forward(rows.Data, Matrix.Floats(gain), epsilon, Matrix.Floats(y), scales, rows.Rows, rows.Columns);
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        using var dy = grad_output.contiguous();
        var dx = Matrix.New(dy.shape);
        var dGain = (bool)ctx.get_data(Wanted) ? zeros(saved[1].shape, ScalarType.Float32) : null;
        var x = Matrix.Of(saved[0]);
        Norm.Backward(
            x.Data, Matrix.Floats(saved[1]), Matrix.Floats(saved[2]), Matrix.Floats(dy), null, Matrix.Floats(dx),
            dGain is null ? null : Matrix.Floats(dGain),
            x.Rows, x.Columns);
        foreach (var tensor in saved) tensor.Dispose();
        return [dx, dGain!, null!];
    }
}
