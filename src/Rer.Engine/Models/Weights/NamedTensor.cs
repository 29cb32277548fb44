using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>A tensor under the name it has in files.</summary>
/// <param name="Name">The name.</param>
/// <param name="Tensor">The tensor.</param>
public readonly record struct NamedTensor(string Name, Tensor Tensor);
