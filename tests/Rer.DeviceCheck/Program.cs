using System.Globalization;
using Rer.DeviceCheck;
using Rer.Engine.Models;
using Rer.Engine.Tests;
using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var name = Array.IndexOf(args, "--device") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : "cuda";
var small = args.Contains("--small");

// The parity suites read it when their classes are first touched.
Environment.SetEnvironmentVariable("RER_TEST_DEVICE", name);
var device = ComputeDevice.Resolve(name);
Console.WriteLine(TorchCapabilities.Description);
Console.WriteLine($"device: {Describe(device)}");

Console.WriteLine();
Console.WriteLine("parity with the reference implementations, float32");
using var suites = new ParitySuites(Console.Out);
suites.Run(typeof(TestDevice).Assembly);
Console.WriteLine($"  {suites.Passed} passed, {suites.Failed} failed, {suites.Skipped} skipped");

Console.WriteLine();
var trained = TrainingCheck.Run(device, small, Console.Out);
Console.WriteLine();
ModelRates.Measure(small ? TrainingCheck.Small : TrainingCheck.HalfBillion, device, Console.Out);
Console.WriteLine();
DeviceRates.Measure(device, small, Console.Out);
return suites.Failed == 0 && trained ? 0 : 1;

static string Describe(Device device)
{
    if (device.type != DeviceType.CUDA || TorchCapabilities.Memory is not { } memory) return device.ToString();
    var properties = memory.Describe(device);
    return $"{device}, {properties.Name}";
}
