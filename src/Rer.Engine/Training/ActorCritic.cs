using Rer.Engine.Models;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>
/// Policy, value function and reference over one backbone: the policy is the backbone with its adapter, the value head reads the
/// policy's last hidden state, the reference is the backbone with the adapter off.
/// </summary>
/// <param name="model">The backbone with its adapter, and with a value head where advantages are estimated by one.</param>
/// <param name="tokenBudget">Tokens held at a time.</param>
/// <param name="degreeOfParallelism">Parts that <see cref="Trace"/> computes at a time.</param>
internal sealed class ActorCritic(CausalLm model, int tokenBudget, int degreeOfParallelism)
{
    /// <summary>
    /// Log-probs of the response tokens of <paramref name="sequences"/> and values where they are predicted, `[tokens]` each, with
    /// gradient as far as <paramref name="scope"/> lets it reach if grad mode is on. Without a value head there are no values.
    /// </summary>
    public (Tensor LogProbs, Tensor? Values) Forward(RolloutBatch rollouts, IReadOnlyList<int> sequences,
        UpdateScope scope = UpdateScope.Shared)
    {
        if (scope == UpdateScope.ValueAlone)
        {
            var (states, logProbs) = WithoutGradient(rollouts, sequences);
            return (logProbs, model.Values(states));
        }

        var (hidden, labels) = ResponseHidden(rollouts, sequences);
        var seen = scope == UpdateScope.Detached ? hidden.detach() : hidden;
        return (model.Kernels.HeadLogProbs(hidden, model.Head, labels).LogProbs, model.ValueHead is null ? null : model.Values(seen));
    }

    private (Tensor Hidden, Tensor LogProbs) WithoutGradient(RolloutBatch rollouts, IReadOnlyList<int> sequences)
    {
        using var guard = no_grad();
        var (hidden, labels) = ResponseHidden(rollouts, sequences);
        return (hidden, model.Kernels.HeadLogProbs(hidden, model.Head, labels).LogProbs);
    }

    /// <summary>Everything an update needs to know of the batch beforehand, without gradient.</summary>
    /// <param name="rollouts">The batch.</param>
    /// <param name="sampled">What the policy said while it sampled the batch; null asks it again.</param>
    public PolicyTrace Trace(RolloutBatch rollouts, TokenTrace? sampled = null)
    {
        var trace = new PolicyTrace(
            sampled ?? new TokenTrace(new float[rollouts.Tokens], new float[rollouts.Tokens], new float[rollouts.Tokens]),
            new float[rollouts.Tokens]);
        using var guard = no_grad();

        // Sequences of like length share a pass: attention pads to the longest.
        var byLength = Enumerable.Range(0, rollouts.Count).OrderBy(rollouts.Length).ToArray();
        foreach (var sequences in SequenceBatch.Pack(rollouts, byLength, unit: 1, tokenBudget))
        {
            var parts = DataParallel.Split(sequences, rollouts.Work, degreeOfParallelism);
            if (sampled is null) DataParallel.Run(parts.Length, i => ReadPolicy(rollouts, parts[i], trace.Policy));
            using (model.DisableAdapter()) DataParallel.Run(parts.Length, i => ReadReference(rollouts, parts[i], trace));
        }

        return trace;
    }

    private void ReadPolicy(RolloutBatch rollouts, int[] sequences, TokenTrace trace)
    {
        using var scope = NewDisposeScope();
        var positions = rollouts.FlatIndices(sequences);
        var (hidden, labels) = ResponseHidden(rollouts, sequences);
        var (logProbs, entropies) = model.Kernels.HeadLogProbs(hidden, model.Head, labels);
        Scatter(logProbs, trace.LogProbs, positions);
        Scatter(entropies, trace.Entropies, positions);
        if (model.ValueHead is not null) Scatter(model.Values(hidden), trace.Values, positions);
    }

    /// <summary>With the adapter off.</summary>
    private void ReadReference(RolloutBatch rollouts, int[] sequences, PolicyTrace trace)
    {
        using var scope = NewDisposeScope();
        var (hidden, labels) = ResponseHidden(rollouts, sequences);
        Scatter(model.Kernels.HeadLogProbs(hidden, model.Head, labels).LogProbs, trace.ReferenceLogProbs, rollouts.FlatIndices(sequences));
    }

    /// <summary>The final hidden states that predict the response tokens, `[tokens, hidden]`, and those tokens, `[tokens]`.</summary>
    private (Tensor Hidden, Tensor Labels) ResponseHidden(RolloutBatch rollouts, IReadOnlyList<int> sequences)
    {
        var batch = SequenceBatch.From(rollouts, sequences, model.Device);
        var hidden = model.Backbone.Forward(batch.Ids, new PackedAttention(batch.Lengths, model.Device), batch.Positions);
        return (hidden.squeeze(0), batch.Labels);
    }

    private static void Scatter(Tensor source, float[] destination, int[] positions)
    {
        var values = source.to(ScalarType.Float32).cpu().data<float>().ToArray();
        for (var i = 0; i < positions.Length; i++) destination[positions[i]] = values[i];
    }
}
