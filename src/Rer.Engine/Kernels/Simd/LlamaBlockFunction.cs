using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels.Simd;

/// <summary><see cref="LlamaBlockPass"/> as an operator with a gradient.</summary>
internal sealed unsafe class LlamaBlockFunction : SingleTensorFunction<LlamaBlockFunction>
{
    private const string Pass = nameof(Pass);

    /// <inheritdoc/>
    public override string Name => nameof(LlamaBlockFunction);

    /// <summary>Runs a pass, with a graph where one is wanted.</summary>
    public static Tensor Run(LlamaBlockPass pass, Tensor x, Rotation rotation)
    {
        x = Matrix.Dense(x);
        var trained = pass.Trained;
        if (is_grad_enabled() && (x.requires_grad || trained.Any(tensor => tensor.requires_grad)))
            return apply([x, rotation, pass, .. trained]);
        var y = pass.NewResult();
        pass.Forward(x, rotation, Workspace.Own.Take(Workspace.Purpose.Kept, pass.KeptLength), y, withGradient: false);
        return y;
    }

    /// <summary>(x, rotation, pass, what is trained) to the block's result.</summary>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, rotation, pass) = ((Tensor)vars[0], (Rotation)vars[1], (LlamaBlockPass)vars[2]);
        var (kept, y) = (Matrix.New(pass.KeptLength), pass.NewResult());
        pass.Forward(x, rotation, Matrix.Floats(kept), y, withGradient: true);
        // The pass goes on reading the rotation where it lies.
        ctx.save_for_backward([x, kept, rotation.Cos, rotation.Sin]);
        ctx.save_data(Pass, (pass, x.requires_grad));
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (pass, ofInput) = ((LlamaBlockPass, bool))ctx.get_data(Pass);
        using var dy = grad_output.contiguous();
        var dx = ofInput ? Matrix.New(saved[0].shape) : null;
        var trained = pass.Backward(saved[0], Matrix.Floats(saved[1]), dy, dx);
        foreach (var tensor in saved) tensor.Dispose();
        return [dx!, null!, null!, .. trained];
    }
}
