using System.Globalization;
using System.Runtime.InteropServices;
using Rer.Engine.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>What plans write for a device and a type, as the tensors' own.</summary>
public static class ComputeDevice
{
    // libtorch's CUDA is loaded where a driver is there to answer it, and nowhere else.
    private static readonly Lazy<int> CudaDevices = new(() =>
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _) && cuda.is_available()
            ? cuda.device_count() : 0);

    /// <summary>The device that a text names: `auto` (CUDA where there is one), `cpu`, `cuda`, `cuda:N`.</summary>
    /// <exception cref="InvalidOperationException">The text asks for CUDA and this libtorch sees no such device.</exception>
    public static Device Resolve(string text)
    {
        if (text == "cpu" || (text == "auto" && CudaDevices.Value == 0)) return CPU;
        var index = text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        if (index < CudaDevices.Value) return new Device(DeviceType.CUDA, index);
        throw new InvalidOperationException(
            $"--device {text}: this libtorch sees {CudaDevices.Value} CUDA devices. Use cpu; with an NVIDIA driver, build with "
                + "-p:Cuda=true.");
    }

    /// <summary>What a text names, in words: `CPU, 8 cores`, `GPU 0`.</summary>
    public static string NameOf(string text) => Resolve(text) is { type: DeviceType.CUDA } gpu ? $"GPU {Math.Max(0, gpu.index)}"
        : $"CPU, {Environment.ProcessorCount} {(Environment.ProcessorCount == 1 ? "core" : "cores")}";

    /// <summary>The weights' type that a text names: `float32`, `bfloat16`; null where it leaves the choice (`auto`).</summary>
    public static ScalarType? TypeNamed(string text) => text switch
    {
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        _ => null,
    };

    /// <summary>
    /// The type to train a checkpoint in: what the text names; for `auto` float32 on the CPU and the checkpoint's own on CUDA, save
    /// that a float16 one is trained in bfloat16: no loss is scaled here, and float16's range would not hold the gradients.
    /// </summary>
    public static ScalarType TrainingType(string text, DeviceType device, ModelConfig config) =>
        TypeNamed(text) ?? (config.TypeOn(device) is ScalarType.Float16 ? ScalarType.BFloat16 : config.TypeOn(device));
}
