using System.Globalization;
using Rer.DeviceCheck;
using Rer.Engine.Models;
using Rer.Engine.Tests;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var name = Option("--device") ?? "cuda";
var small = args.Contains("--small");
if (Option("--libtorch") is { } folder
    && !LibtorchCheck.Run(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"), folder, Console.Out)) return 3;

// The parity suites read it when their classes are first touched.
Environment.SetEnvironmentVariable("RER_TEST_DEVICE", name);
Device device;
try
{
    device = ComputeDevice.Resolve(name);
}
catch (InvalidOperationException none)
{
    Console.Error.WriteLine(none.Message);
    return 2;
}
Console.WriteLine($"device: {device}");

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

string? Option(string option) => Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
