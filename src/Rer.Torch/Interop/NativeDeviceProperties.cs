namespace Rer.Torch.Interop;

internal unsafe struct NativeDeviceProperties
{
    public fixed byte Name[256];
    public int Major;
    public int Minor;
    public int Multiprocessors;
    public int Reserved;
}
