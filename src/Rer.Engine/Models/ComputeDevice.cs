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
    public static ScalarType TrainingType(string text, Device device, ModelConfig config) =>
        TypeNamed(text) ?? (config.TypeOn(device) is ScalarType.Float16 ? ScalarType.BFloat16 : config.TypeOn(device));
}
