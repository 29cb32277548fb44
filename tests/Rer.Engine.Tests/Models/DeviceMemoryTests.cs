using Rer.Engine.Models;
using Rer.Engine.Training;
using static TorchSharp.torch;
using ProcessMemory = Rer.Engine.Models.DeviceMemory.ProcessMemory;

namespace Rer.Engine.Tests.Models;

/// <summary>What a process holds of a GPU, as far as it can be told without one.</summary>
public sealed class DeviceMemoryTests
{
    [Fact]
    public void A_process_is_found_among_those_on_the_device() =>
        Assert.Equal(20, DeviceMemory.HeldBy(7, [new ProcessMemory(3, 10), new ProcessMemory(7, 20)]));

    [Fact]
    public void A_process_that_is_alone_there_is_this_one_whatever_its_number() =>
        Assert.Equal(10, DeviceMemory.HeldBy(7, [new ProcessMemory(4711, 10)]));

    [Fact]
    public void Among_several_strangers_none_is_this_one() =>
        Assert.Null(DeviceMemory.HeldBy(7, [new ProcessMemory(3, 10), new ProcessMemory(4, 20)]));

    [Fact]
    public void What_the_system_keeps_to_itself_is_not_known() =>
        Assert.Null(DeviceMemory.HeldBy(7, [new ProcessMemory(7, ulong.MaxValue)]));

    [Fact]
    public void The_driver_fills_entries_of_24_bytes() => Assert.Equal(24, System.Runtime.CompilerServices.Unsafe.SizeOf<ProcessMemory>());

    [Fact]
    public void The_CPU_holds_nothing_of_a_GPU_and_its_peak_is_what_was_resident()
    {
        Assert.Null(DeviceMemory.HeldOn(CPU));
        Assert.InRange(PeakMemory.Of(CPU), Environment.WorkingSet / 2, 1L << 45);
    }
}
