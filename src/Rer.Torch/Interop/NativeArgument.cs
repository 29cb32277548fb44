using System.Runtime.InteropServices;

namespace Rer.Torch.Interop;

/// <summary>An argument or a result as it crosses the boundary: a tag, a length, eight bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeArgument
{
    [FieldOffset(0)] public ArgumentTag Tag;
    [FieldOffset(4)] public int Length;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Real;
    [FieldOffset(8)] public nint Pointer;
}
