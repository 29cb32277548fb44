using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Log-probabilities and entropies from hidden states. The logits of [batch, tokens, vocabulary] are never all there: a block of
/// positions is computed at a time, and with it what its hidden states' gradient is but for a factor.
/// </summary>
public static class TokenLogProbs
{
    /// <summary>Logits held at a time: 64 MB of float32.</summary>
    private const long MaxLogits = 16 << 20;

    /// <summary>Logits held at a time on the CPU, to stay in its cache: half a megabyte.</summary>
    private const long CachedLogits = 1 << 17;

    /// <summary>Of each token given those before it.</summary>
    /// <param name="hidden">[batch, tokens, hidden].</param>
    /// <param name="head">[vocabulary, hidden].</param>
    /// <param name="ids">[batch, tokens], int64.</param>
    /// <param name="mask">[batch, tokens - 1]: where to compute (not 0); null is everywhere.</param>
    /// <returns>Both [batch, tokens - 1], float32, 0 where not computed; position t scores token t + 1.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Shifted(Tensor hidden, Tensor head, Tensor ids, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens) = (ids.shape[0], ids.shape[1]);
        var states = hidden.narrow(1, 0, tokens - 1).reshape(-1, hidden.shape[2]);
        var labels = ids.narrow(1, 1, tokens - 1).reshape(-1);
        Tensor logProbs, entropy;
        if (mask is null)
        {
            (logProbs, entropy) = Of(states, head, labels);
        }
        else
        {
            var chosen = mask.reshape(-1).nonzero().squeeze(1);
            var (chosenLogProbs, chosenEntropy) = Of(states.index_select(0, chosen), head, labels.index_select(0, chosen));
            var nothing = zeros([batch * (tokens - 1)], ScalarType.Float32, hidden.device);
            logProbs = nothing.index_copy(0, chosen, chosenLogProbs);
            entropy = nothing.index_copy(0, chosen, chosenEntropy);
        }
        return (logProbs.view(batch, tokens - 1).MoveToOuterDisposeScope(), entropy.view(batch, tokens - 1).MoveToOuterDisposeScope());
    }

    /// <summary>Of given labels.</summary>
    /// <param name="hidden">[positions, hidden].</param>
    /// <param name="head">[vocabulary, hidden].</param>
    /// <param name="labels">[positions], int64.</param>
    /// <returns>Both [positions], float32; the entropy carries no gradient.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Of(Tensor hidden, Tensor head, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var block = RowsAtOnce(head.shape[0], cached: false);
        if (TorchCapabilities.Fused is not { } fused) return Move(Blocks(hidden, head, labels, block));
        // The head's own gradient needs the logits again: where they are few they are kept for it.
        if (head.requires_grad && hidden.shape[0] <= block) return Move(Block(hidden, head, labels));
        return Move(fused.HeadLogProbEntropy(hidden, head, labels, RowsAtOnce(head.shape[0], fused.Take(hidden))));
    }

    /// <summary>Positions whose logits are held at a time.</summary>
    /// <param name="vocabulary">Logits of a position.</param>
    /// <param name="cached">In float32 on the CPU.</param>
    internal static long RowsAtOnce(long vocabulary, bool cached)
    {
        var most = Math.Max(1, MaxLogits / vocabulary);
        return cached ? Math.Min(most, Math.Max(64, CachedLogits / vocabulary)) : most;
    }

    /// <summary>A block at a time by operators alone, whose backward pass holds all the logits.</summary>
    internal static (Tensor LogProbs, Tensor Entropy) Blocks(Tensor hidden, Tensor head, Tensor labels, long block)
    {
        using var scope = NewDisposeScope();

        var (logProbs, entropies) = (new List<Tensor>(), new List<Tensor>());
        for (var start = 0L; start < hidden.shape[0]; start += block)
        {
            var count = Math.Min(block, hidden.shape[0] - start);
            var (logProb, entropy) = Block(hidden.narrow(0, start, count), head, labels.narrow(0, start, count));
            logProbs.Add(logProb);
            entropies.Add(entropy);
        }
        return Move((cat(logProbs), cat(entropies)));
    }

    private static (Tensor LogProbs, Tensor Entropy) Block(Tensor hidden, Tensor head, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return Move(OfLogits(Linear.OverSequences(hidden, head), labels));
    }

    /// <summary>Of given labels.</summary>
    /// <param name="logits">[positions, vocabulary].</param>
    /// <param name="labels">[positions], int64.</param>
    /// <returns>Both [positions], float32; the entropy carries no gradient.</returns>
    internal static (Tensor LogProbs, Tensor Entropy) OfLogits(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        if (Fused.For(logits) is { } fused)
        {
            var (logProb, spread) = fused.LogProbEntropy(logits, labels);
            return Move((logProb, spread.detach()));
        }
        var all = logits.to(ScalarType.Float32).log_softmax(-1);
        var chosen = all.gather(1, labels.unsqueeze(1)).squeeze(1);
        using var _ = no_grad();
        var entropy = (all.exp() * all).sum(-1).neg();
        return Move((chosen, entropy));
    }

    private static (Tensor, Tensor) Move((Tensor First, Tensor Second) pair) =>
        (pair.First.MoveToOuterDisposeScope(), pair.Second.MoveToOuterDisposeScope());
}
