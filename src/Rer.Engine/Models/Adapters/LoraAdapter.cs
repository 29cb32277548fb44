using static TorchSharp.torch;

namespace Rer.Engine.Models.Adapters;

/// <summary>
/// The adapter of one published linear layer: its output gains `scale · (x Aᵀ) Bᵀ` (Hu et al. 2021).
/// </summary>
/// <param name="Module">Published name of the layer, such as `model.layers.0.self_attn.q_proj`.</param>
/// <param name="A">[rank, inputs], float32.</param>
/// <param name="B">[outputs, rank], float32.</param>
/// <param name="Scale">alpha / rank.</param>
public sealed record LoraAdapter(string Module, Tensor A, Tensor B, double Scale);
