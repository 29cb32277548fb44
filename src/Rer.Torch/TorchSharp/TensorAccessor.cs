using System.Collections;
using Rer.Torch.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor in row-major order, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly T* _first;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        _tensor = tensor;
        _first = (T*)Native.rer_data(tensor.Handle);
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => *At(indices);
        set => *At(indices) = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(arrayIndex), tensorIndex);

    public void CopyTo(Span<T> target, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(target[arrayIndex..], tensorIndex);

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        for (var i = arrayIndex; i < array.Length && tensorIndex < Count; i++, tensorIndex++) _first[Offset(tensorIndex)] = array[i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return Read(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing to free: the memory is the tensor's.</summary>
    public void Dispose() => GC.KeepAlive(_tensor);

    private void CopyTo(Span<T> target, long from)
    {
        var count = (int)Math.Min(target.Length, Count - from);
        if (_contiguous) new Span<T>(_first + from, count).CopyTo(target);
        else for (var i = 0; i < count; i++) target[i] = Read(from + i);
        GC.KeepAlive(_tensor);
    }

    private T Read(long index) => _first[Offset(index)];

    private long Offset(long index)
    {
        if (_contiguous) return index;
        long offset = 0;
        for (var dim = _shape.Length - 1; dim >= 0; dim--)
        {
            offset += index % _shape[dim] * _strides[dim];
            index /= _shape[dim];
        }
        return offset;
    }

    private T* At(long[] indices)
    {
        if (indices.Length != _shape.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (var dim = 0; dim < indices.Length; dim++)
        {
            if (indices[dim] < 0 || indices[dim] >= _shape[dim])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[dim], $"Dimension {dim} has {_shape[dim]} elements.");
            offset += indices[dim] * _strides[dim];
        }
        return _first + offset;
    }
}
