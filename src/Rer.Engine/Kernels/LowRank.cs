using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>A low-rank change of some outputs of a linear layer: those from <see cref="Start"/> on gain `scale · (x Aᵀ) Bᵀ`.</summary>
/// <param name="A">[rank, inputs].</param>
/// <param name="B">[outputs of the part, rank].</param>
/// <param name="Start">The first output that it acts on.</param>
/// <param name="Scale">alpha / rank.</param>
internal sealed record LowRank(Tensor A, Tensor B, long Start, double Scale);
