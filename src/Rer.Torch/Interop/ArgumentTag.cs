namespace Rer.Torch.Interop;

/// <summary>What an argument is; the numbers are those of native/rer_torch.cpp.</summary>
internal enum ArgumentTag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    TensorList = 6,
    DoubleList = 7,
    Device = 8,
    Generator = 9,
    String = 10,
    BoolList = 11,
}
