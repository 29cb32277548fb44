using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>What plans write for a device and a type, as the tensors' own.</summary>
public static class ComputeDevice
{
    /// <summary>The device that a text names: `auto` (CUDA where there is one), `cpu`, `cuda`, `cuda:N`.</summary>
    /// <exception cref="InvalidOperationException">The text asks for CUDA and this libtorch sees no such device.</exception>
    public static Device Resolve(string text)
    {
        if (text == "auto") return cuda.is_available() ? CUDA : CPU;
        var resolved = device(text);
        if (resolved.type != DeviceType.CUDA) return resolved;
        var devices = cuda.device_count();
        if (Math.Max(resolved.index, 0) < devices) return resolved;
        throw new InvalidOperationException(
            $"--device {text}: this libtorch sees {devices} CUDA devices. Use cpu, or build the binding against a libtorch with CUDA.");
    }

    /// <summary>The weights' type that a text names: `auto` (float32 on the CPU, bfloat16 on CUDA), `float32`, `bfloat16`.</summary>
    public static ScalarType ResolveType(string text, Device device) => text switch
    {
        "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        _ => ModelConfig.DefaultType(device),
    };
}
