using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>Keys and values of one layer.</summary>
/// <param name="Keys">[rows, key-value heads, capacity, head size], rotated.</param>
/// <param name="Values">As <paramref name="Keys"/>.</param>
internal readonly record struct KeyValues(Tensor Keys, Tensor Values);
