namespace Rer.Torch.Interop;

[Flags]
internal enum TensorFlags
{
    None = 0,
    Contiguous = 1,
    RequiresGrad = 2,
    Leaf = 4,
    Inference = 8,
}
