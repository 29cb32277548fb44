namespace TorchSharp;

/// <summary>What padding is filled with.</summary>
public enum PaddingModes
{
    Constant = 0,
    Reflect = 1,
    Replicate = 2,
    Circular = 3,
}
