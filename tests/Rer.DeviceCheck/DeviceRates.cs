using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.DeviceCheck;

/// <summary>What the device itself can do, measured here and now, to hold the training's speed against.</summary>
internal static class DeviceRates
{
    public static void Measure(Device device, bool small, TextWriter output)
    {
        using var scope = NewDisposeScope();
        var elements = small ? 1L << 22 : 1L << 30;
        var source = zeros([elements], ScalarType.BFloat16, device);
        var target = zeros_like(source);
        // A copy reads every byte and writes it.
        var bandwidth = 2.0 * source.element_size() * elements / Fastest(device, () => target.copy_(source));

        var size = small ? 256 : 8192;
        var (a, b) = (randn([size, size], ScalarType.BFloat16, device), randn([size, size], ScalarType.BFloat16, device));
        var matmul = 2.0 * size * size * size / Fastest(device, () => a.matmul(b).Dispose());
        output.WriteLine(
            $"device: memory copy {bandwidth / 1e9:f0} GB/s (read and written), bfloat16 matrix product {matmul / 1e12:f2} TFLOP/s "
                + $"({size} cubed)");
    }

    private static double Fastest(Device device, Action action)
    {
        for (var i = 0; i < 3; i++) action();
        return Enumerable.Range(0, 10).Min(_ =>
        {
            Wait(device);
            var start = Stopwatch.GetTimestamp();
            action();
            Wait(device);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
    }

    private static void Wait(Device device)
    {
        if (device.type == DeviceType.CUDA) cuda.synchronize(device);
    }
}
