using Rer.Engine.Kernels;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class TokenLogProbsTests
{
    [Fact]
    public void Log_probs_and_entropies_equal_the_reference_for_given_logits()
    {
        using var scope = NewDisposeScope();
        using var units = Safetensors.Open(Fixtures.File("ppo", "units", "units.safetensors"));
        // With the identity for a head, hidden states are logits.
        var logits = units.Read("in.logits");
        var (logProbs, entropy) =
            IKernels.For(CPU, ScalarType.Float32).HeadLogProbs(logits.flatten(0, 1), eye(29), units.Read("in.labels").flatten());
        TensorAssert.Close(units.Read("logprobs_from_logits.f64").flatten(), logProbs, 1e-5);
        TensorAssert.Close(units.Read("entropy_from_logits.f64").flatten(), entropy, 1e-5);
    }

    [Fact]
    public void Only_positions_under_the_mask_are_computed_and_the_rest_are_zero()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallModels.Llama();
        var ids = SmallModels.Ids(3, 7);
        var hidden = model.Hidden(ids);
        var mask = tensor([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0], [3, 6]);
        var (all, allEntropy) = model.TokenLogProbs(hidden, ids);
        var (some, someEntropy) = model.TokenLogProbs(hidden, ids, mask);
        // Few rows are multiplied by another kernel than many, in another order: values near 4 may differ by units of 5e-7 in the last
        // place.
        TensorAssert.Close(all * mask, some, 2e-6);
        TensorAssert.Close(allEntropy * mask, someEntropy, 2e-6);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_vocabulary_taken_in_blocks_gives_the_log_probs_and_gradients_of_the_whole(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        // Two blocks and a remainder, at 16 M logits a block.
        const long vocabulary = 40_000;
        const long block = (16 << 20) / vocabulary;
        const long positions = 2 * block + 5;
        const long width = 16;
        var hidden = randn([positions, width], generator: generator).to(type).requires_grad_();
        var head = randn([vocabulary, width], generator: generator).to(type).requires_grad_();
        var labels = (rand([positions], generator: generator) * vocabulary).to(ScalarType.Int64);
        var (logProbs, entropy) = IKernels.For(CPU, type).HeadLogProbs(hidden, head, labels);
        Assert.False(entropy.requires_grad);
        logProbs.square().sum().backward();

        // In double: over 40,000 logits the operators' own sums in float32 are off by as much as the tolerance.
        var (otherHidden, otherHead) = (hidden.detach().to(ScalarType.Float64).clone().requires_grad_(),
            head.detach().to(ScalarType.Float64).clone().requires_grad_());
        var whole = matmul(otherHidden, otherHead.t()).log_softmax(-1);
        var chosen = whole.gather(1, labels.unsqueeze(1)).squeeze(1);
        chosen.square().sum().backward();
        TensorAssert.Close(chosen, logProbs, 1e-4);
        TensorAssert.Close(-(whole.exp() * whole).sum(-1), entropy, 1e-4);
        foreach (var (its, mine) in ((Tensor, Tensor)[])[(otherHidden.grad!, hidden.grad!), (otherHead.grad!, head.grad!)])
            TensorAssert.Close(its, mine, 1e-5 * its.abs().max().item<double>());
    }
}
