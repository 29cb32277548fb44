using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Log-probabilities and entropies of whole batches of sequences.</summary>
internal static class TokenLogProbs
{
    /// <summary>Of each token given those before it.</summary>
    /// <param name="kernels">What the model computes with.</param>
    /// <param name="hidden">[batch, tokens, hidden].</param>
    /// <param name="head">[vocabulary, hidden].</param>
    /// <param name="ids">[batch, tokens], int64.</param>
    /// <param name="mask">[batch, tokens - 1]: where to compute (not 0); null is everywhere.</param>
    /// <returns>Both [batch, tokens - 1], float32, 0 where not computed; position t scores token t + 1.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Shifted(IKernels kernels, Tensor hidden, Tensor head, Tensor ids, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens) = (ids.shape[0], ids.shape[1]);
        var states = hidden.narrow(1, 0, tokens - 1).reshape(-1, hidden.shape[2]);
        var labels = ids.narrow(1, 1, tokens - 1).reshape(-1);
        Tensor logProbs, entropy;
        if (mask is null)
        {
            (logProbs, entropy) = kernels.HeadLogProbs(states, head, labels);
        }
        else
        {
            var chosen = mask.reshape(-1).nonzero().squeeze(1);
            var (chosenLogProbs, chosenEntropy) =
                kernels.HeadLogProbs(states.index_select(0, chosen), head, labels.index_select(0, chosen));
            var nothing = zeros([batch * (tokens - 1)], ScalarType.Float32, hidden.device);
            logProbs = nothing.index_copy(0, chosen, chosenLogProbs);
            entropy = nothing.index_copy(0, chosen, chosenEntropy);
        }
        return (logProbs.view(batch, tokens - 1).MoveToOuterDisposeScope(), entropy.view(batch, tokens - 1).MoveToOuterDisposeScope());
    }
}
