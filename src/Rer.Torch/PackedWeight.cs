using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>A linear layer's weight, arranged in the order in which a product reads it, and in which its transpose's does.</summary>
/// <remarks>It belongs to no dispose scope.</remarks>
public sealed class PackedWeight : IDisposable
{
    internal PackedWeight(Tensor forward, Tensor transposed, long outputs)
    {
        Forward = forward.DetachFromDisposeScope();
        Transposed = transposed.DetachFromDisposeScope();
        Outputs = outputs;
    }

    /// <summary>Outputs of the layer.</summary>
    public long Outputs { get; }

    /// <summary>[outputs / 32, inputs, 32]</summary>
    internal Tensor Forward { get; }

    /// <summary>[inputs / 32, outputs, 32]</summary>
    internal Tensor Transposed { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forward.Dispose();
        Transposed.Dispose();
    }
}
