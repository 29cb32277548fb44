using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Rer.Torch.Tests;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_of_what_was_made_in_it_and_nothing_else()
    {
        using var before = zeros(1);
        Tensor inside, moved, detached;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                inside = zeros(1);
                moved = ones(1).MoveToOuterDisposeScope();
                detached = ones(1).DetachFromDisposeScope();
                Assert.Equal(1, inner.DisposablesCount);
                Assert.Equal(1, outer.DisposablesCount);
                Assert.Same(inner, CurrentDisposeScope);
            }
            Assert.Same(outer, CurrentDisposeScope);
            Assert.True(inside.IsInvalid);
            Assert.False(moved.IsInvalid);
        }
        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        Assert.False(before.IsInvalid);
        detached.Dispose();
        Assert.Throws<ObjectDisposedException>(() => inside.sum());
    }

    [Fact]
    public void What_is_disposed_by_hand_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 10).Select(_ => zeros(1)).ToArray();
        tensors[3].Dispose();
        tensors[9].Dispose();
        tensors[0].Dispose();
        Assert.Equal(7, scope.DisposablesCount);
        Assert.True(scope.Contains(tensors[8]));
        Assert.False(scope.Contains(tensors[3]));
        scope.DisposeEverythingBut(tensors[5]);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.False(tensors[5].IsInvalid);
        Assert.True(tensors[8].IsInvalid);
    }

    [Fact]
    public void A_parameter_takes_over_the_scope_of_the_tensor_it_is_made_from()
    {
        Parameter kept, lost;
        using (NewDisposeScope())
        {
            var outside = zeros(1).DetachFromDisposeScope();
            kept = new Parameter(outside);
            lost = new Parameter(zeros(1));
            Assert.True(outside.IsInvalid);
            Assert.True(kept.requires_grad);
        }
        Assert.False(kept.IsInvalid);
        Assert.True(lost.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void A_tensor_that_no_scope_owns_is_freed_when_it_is_collected()
    {
        var before = Tensor.TotalCount;
        MakeGarbage();
        for (var i = 0; i < 20 && Tensor.TotalCount > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.True(Tensor.TotalCount <= before, $"{Tensor.TotalCount} tensors are alive; there were {before}.");

        static void MakeGarbage()
        {
            for (var i = 0; i < 100; i++) zeros(10);
        }
    }
}
