using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>Calls operators by the names of their schemas.</summary>
public interface IDispatcher
{
    /// <summary>Whether this libtorch has the operator, such as <c>aten::softmax.int</c>; <c>aten::</c> may be left off.</summary>
    bool Has(string name);

    /// <summary>
    /// Calls an operator. Arguments come in the schema's order; its defaults stand for those left off the end. They are
    /// null, tensors, lists of tensors, whole and floating numbers, truth values, <see cref="Scalar"/>, arrays of these,
    /// <see cref="ScalarType"/>, <see cref="Device"/>, <see cref="Generator"/> and strings.
    /// </summary>
    /// <returns>Every tensor it returns, those of tuples and lists one after another.</returns>
    /// <exception cref="TorchException">There is no such operator, or it failed.</exception>
    /// <exception cref="ArgumentException">An argument is of no such type.</exception>
    Tensor[] Call(string name, params object?[] arguments);
}
