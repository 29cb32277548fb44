using static TorchSharp.torch;

namespace Rer.Engine.Tests.Packing;

/// <summary>TorchSharp as the build ships it: an argument lives as long as the call that it is for.</summary>
public sealed class ArgumentLifetimeTests
{
    /// <summary>Of the package's own assembly, one call in some three thousand reads what was freed.</summary>
    private const int Calls = 60_000;

    [Fact]
    public void A_garbage_collection_does_not_free_what_a_call_still_reads()
    {
        using var done = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var x = zeros(32, 32);
            using var everywhere = ones(32, 32, dtype: ScalarType.Bool);
            for (var i = 0; i < Calls; i++)
            {
                // A scalar that only the call knows, then a tensor in the middle of an expression.
                using var filled = x.masked_fill(everywhere, 1.5).neg() + 4.0;
                Assert.Equal(2.5f, filled.data<float>()[17]);
            }
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }
    }
}
