using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rer.Torch.Tests;

public sealed class MemoryTests
{
    [Fact]
    public void Ten_thousand_training_steps_hold_memory_and_handles_flat()
    {
        using var generator = new Generator(3);
        using var first = new Parameter(randn([16, 64], generator: generator));
        using var second = new Parameter(randn([64, 1], generator: generator));
        using var x = randn([32, 16], generator: generator);
        using var y = randn([32, 1], generator: generator);
        for (var i = 0; i < 500; i++) Step();
        var (tensors, bytes) = Count();
        var growth = new List<long>();
        for (var part = 0; part < 5; part++)
        {
            for (var i = 0; i < 2_000; i++) Step();
            var (tensorsNow, bytesNow) = Count();
            Assert.Equal(tensors, tensorsNow);
            growth.Add(bytesNow - bytes);
            bytes = bytesNow;
        }
        // The runtime's own threads allocate too, now and then. A tensor lost a step, empty even, would cost some 400 KB in
        // each of the parts.
        Assert.True(growth.Min() < 100_000, $"Native memory grew by {string.Join(", ", growth)} bytes in 2,000 steps each.");

        void Step()
        {
            using var scope = NewDisposeScope();
            var loss = nn.functional.mse_loss(x.matmul(first).tanh().matmul(second), y);
            loss.backward();
            using var frozen = no_grad();
            foreach (var parameter in new[] { first, second })
            {
                parameter.sub_(parameter.grad! * 0.001);
                parameter.grad!.zero_();
            }
        }

        static (long Tensors, long Bytes) Count()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return (Tensor.TotalCount, TorchCapabilities.Memory!.NativeBytes!.Value);
        }
    }

    [Fact]
    public unsafe void A_tensor_over_foreign_memory_shares_it_and_hands_it_back_when_the_last_view_is_gone()
    {
        var memory = Assert.IsAssignableFrom<ITensorMemory>(TorchCapabilities.TensorMemory);
        var block = (float*)NativeMemory.Alloc(6, sizeof(float));
        for (var i = 0; i < 6; i++) block[i] = i;
        var owner = new Owner();
        var tensor = memory.Over((nint)block, [2, 3], ScalarType.Float32, owner);
        var row = tensor[1];
        Assert.Equal((nint)block, memory.AddressOf(tensor));
        block[4] = 40;
        Assert.Equal([3f, 40f, 5f], row.data<float>().ToArray());
        row.fill_(7);
        Assert.Equal(7f, block[3]);
        tensor.Dispose();
        Assert.False(owner.Disposed);
        row.Dispose();
        Assert.True(owner.Disposed);
        NativeMemory.Free(block);
    }

    private sealed class Owner : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
