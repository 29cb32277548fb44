using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>Tensors over memory that is not libtorch's.</summary>
public interface ITensorMemory
{
    /// <summary>A contiguous CPU tensor over memory that is not copied.</summary>
    /// <param name="address">The first element; aligned to the element's size.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="type">The element type.</param>
    /// <param name="owner">What keeps the memory; disposed of once the last tensor over it is gone, on whatever thread that happens.</param>
    /// <remarks>Where the memory is read-only, as that of a mapped file, a write through the tensor ends the process.</remarks>
    Tensor Over(nint address, ReadOnlySpan<long> shape, ScalarType type, IDisposable owner);

    /// <summary>Where a CPU tensor's first element lies.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not on the CPU.</exception>
    nint AddressOf(Tensor tensor);
}
