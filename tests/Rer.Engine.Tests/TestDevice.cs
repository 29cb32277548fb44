using static TorchSharp.torch;

namespace Rer.Engine.Tests;

/// <summary>
/// Where the parity tests compute: the CPU, or what RER_TEST_DEVICE names (`cuda`), which is how the same tests check a GPU.
/// </summary>
public static class TestDevice
{
    public static Device Device { get; } =
        device(Environment.GetEnvironmentVariable("RER_TEST_DEVICE") is { Length: > 0 } name ? name : "cpu");
}
