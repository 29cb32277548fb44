using System.Runtime.InteropServices;

namespace Rer.Torch.Interop;

/// <summary>What one call tells of a tensor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    public long Dimensions;
    public long Elements;
    public long ElementSize;
    public long StorageOffset;
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
    public TensorFlags Flags;
}
