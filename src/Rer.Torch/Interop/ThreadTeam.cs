using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Rer.Torch.Interop;

internal sealed unsafe class ThreadTeam : IThreadTeam
{
    public void Run(int count, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var work = new Work(body, torch.is_grad_enabled(), new Exception?[count]);
        var handle = GCHandle.Alloc(work);
        try
        {
            Native.Checked(Native.rer_parallel(count, &Call, (void*)GCHandle.ToIntPtr(handle)));
        }
        finally
        {
            handle.Free();
        }

        if (work.Failures.FirstOrDefault(failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
    }

    [UnmanagedCallersOnly]
    private static void Call(void* context, int index)
    {
        var work = (Work)GCHandle.FromIntPtr((nint)context).Target!;
        try
        {
            using var mode = torch.set_grad_enabled(work.GradEnabled);
            work.Body(index);
        }
        catch (Exception failure)
        {
            // An exception must not pass through native frames.
            work.Failures[index] = failure;
        }
    }

    private sealed record Work(Action<int> Body, bool GradEnabled, Exception?[] Failures);
}
