using System.Runtime.InteropServices;
using Rer.Torch.Interop;

namespace Rer.Torch;

public static partial class TorchCapabilities
{
    static partial void Provide()
    {
        var graphs = Native.rer_built_with_cuda() != 0 && Native.rer_cuda_device_count() > 0;
        Dispatcher = new Dispatcher();
        Memory = new MemoryStatistics();
        TensorMemory = new TensorMemory();
        Optimiser = new FusedOptimiser();
        Fused = new FusedKernels();
        Team = new ThreadTeam();
        CudaGraphs = graphs ? new CudaGraphs() : null;
        Description = Describe();
    }

    private static unsafe string Describe()
    {
        var version = Marshal.PtrToStringUTF8((nint)Native.rer_torch_version());
        var devices = Native.rer_cuda_device_count();
        var cuda = devices > 0 ? $"{devices} CUDA device(s)" : "no CUDA device";
        return $"libtorch {version}, {cuda}, {Native.rer_threads()} threads, {NativeLibraryResolver.File}";
    }
}
