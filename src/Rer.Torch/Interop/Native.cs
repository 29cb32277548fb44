using System.Runtime.InteropServices;

namespace Rer.Torch.Interop;

/// <summary>The functions of native/rer_torch.cpp, one to one; their contracts stand there.</summary>
internal static unsafe partial class Native
{
    internal const string Library = "rer_torch";

    static Native() => NativeLibraryResolver.Install();

    [LibraryImport(Library)] internal static partial byte* rer_last_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint rer_operator(string name, string overload);
    [LibraryImport(Library)] internal static partial int rer_call(nint op, NativeArgument* arguments, int count, NativeArgument* results, int capacity);
    [LibraryImport(Library)] internal static partial void rer_take_results(NativeArgument* results);

    [LibraryImport(Library)] internal static partial void rer_release(nint tensor);
    [LibraryImport(Library)] internal static partial nint rer_retain(nint tensor);
    [LibraryImport(Library)] internal static partial long rer_use_count(nint tensor);
    [LibraryImport(Library)] internal static partial void rer_info(nint tensor, TensorInfo* info);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long rer_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long rer_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int rer_scalar_type(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void rer_sizes(nint tensor, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void rer_strides(nint tensor, long* strides);
    [LibraryImport(Library)] internal static partial void* rer_data(nint tensor);
    [LibraryImport(Library)]
    internal static partial nint rer_from_blob(
        void* data, long* sizes, int dimensions, int scalarType, delegate* unmanaged<void*, void> release, void* context);

    [LibraryImport(Library)] internal static partial int rer_set_requires_grad(nint tensor, int requiresGrad);
    [LibraryImport(Library)] internal static partial nint rer_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int rer_set_grad(nint tensor, nint gradient);
    [LibraryImport(Library)]
    internal static partial int rer_backward(
        nint* tensors, int count, nint* gradients, int gradientCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial int rer_autograd_grad(
        nint* outputs, int count, nint* inputs, int inputCount, nint* gradients, int gradientCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int rer_grad_mode();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void rer_set_grad_mode(int enabled);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int rer_inference_mode();
    [LibraryImport(Library)] internal static partial nint rer_enter_inference_mode(int enabled);
    [LibraryImport(Library)] internal static partial void rer_leave_inference_mode(nint mode);

    [LibraryImport(Library)] internal static partial nint rer_generator(int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial nint rer_default_generator(int deviceType, int deviceIndex);
    [LibraryImport(Library)] internal static partial void rer_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial long rer_generator_initial_seed(nint generator);
    [LibraryImport(Library)] internal static partial long rer_generator_seed(nint generator);
    [LibraryImport(Library)] internal static partial void rer_generator_set_seed(nint generator, long seed);
    [LibraryImport(Library)] internal static partial nint rer_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int rer_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int rer_manual_seed(long seed);

    [LibraryImport(Library)] internal static partial int rer_threads();
    [LibraryImport(Library)] internal static partial void rer_set_threads(int count);
    [LibraryImport(Library)] internal static partial int rer_parallel(int count, delegate* unmanaged<void*, int, void> body, void* context);
    [LibraryImport(Library)] internal static partial long rer_native_bytes();
    [LibraryImport(Library)] internal static partial byte* rer_torch_version();
    [LibraryImport(Library)] internal static partial int rer_built_with_cuda();
    [LibraryImport(Library)] internal static partial int rer_cuda_device_count();
    [LibraryImport(Library)] internal static partial int rer_cuda_synchronize(int device);
    [LibraryImport(Library)] internal static partial int rer_cuda_memory(int device, DeviceMemory* memory);
    [LibraryImport(Library)] internal static partial int rer_cuda_reset_peak(int device);
    [LibraryImport(Library)] internal static partial int rer_cuda_empty_cache();
    [LibraryImport(Library)] internal static partial int rer_cuda_properties(int device, NativeDeviceProperties* properties);
    [LibraryImport(Library)] internal static partial nint rer_graph_begin();
    [LibraryImport(Library)] internal static partial int rer_graph_end(nint graph);
    [LibraryImport(Library)] internal static partial int rer_graph_replay(nint graph);
    [LibraryImport(Library)] internal static partial void rer_graph_release(nint graph);

    /// <summary>Turns a negative result or a null handle into the exception that carries libtorch's message.</summary>
    internal static T Checked<T>(T result)
        where T : System.Numerics.INumber<T>
        => result < T.Zero ? throw LastError() : result;

    internal static nint NotNull(nint handle) => handle == 0 ? throw LastError() : handle;

    internal static TorchException LastError() => new(Marshal.PtrToStringUTF8((nint)rer_last_error()) ?? "unknown error");
}
