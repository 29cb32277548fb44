using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>A frozen <see cref="LinearLayer"/> with adapters as an operator with gradients.</summary>
internal sealed unsafe class LinearFunction : SingleTensorFunction<LinearFunction>
{
    private const string Call = nameof(Call);

    /// <inheritdoc/>
    public override string Name => nameof(LinearFunction);

    /// <summary>(x, layer, what is trained) to the layer's output.</summary>
    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, layer) = ((Tensor)vars[0], (LinearLayer)vars[1]);
        var low = Matrix.New(x.numel() / layer.Inputs, layer.Rank);
        var y = Compute(x, layer, Matrix.Of(low));
        ctx.save_for_backward([x, low]);
        ctx.save_data(Call, (layer, x.requires_grad));
        return y;
    }

    /// <summary>The output alone.</summary>
    /// <param name="x">[.., inputs], contiguous.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="low">As <see cref="LinearLayer.Forward"/> takes it.</param>
    public static Tensor Compute(Tensor x, LinearLayer layer, Matrix low)
    {
        var y = Matrix.New([.. x.shape[..^1], layer.Outputs]);
        layer.Forward(Matrix.Of(x), Matrix.Of(y), low, add: false);
        return y;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (layer, ofInput) = ((LinearLayer, bool))ctx.get_data(Call);
        using var dy = grad_output.contiguous();
        var dx = ofInput ? Matrix.New(saved[0].shape) : null;
        var trained = layer.Backward(Matrix.Of(saved[0]), Matrix.Of(saved[1]), Matrix.Of(dy), dx is null ? null : Matrix.Of(dx));
        foreach (var tensor in saved) tensor.Dispose();
        return [dx!, null!, .. trained];
    }
}
