using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Models;
using Rer.Engine.Models.Generation;
using Rer.Engine.Rewards;
using Rer.Engine.Tokenizers;
using Rer.Engine.Training.Estimators;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>
/// Proximal policy optimisation of a language model against a white-box reward, step by step as TRL 0.7.4 does it (the paper's
/// implementation): roll out, score, normalise, estimate advantages, update.
/// </summary>
/// <remarks>
/// Mini-batches of one accumulation group share their weights, so they share forward passes too: the gradient is the same sum.
/// Everything random is a function of (seed, step), so a resumed run repeats what the uninterrupted one would have done.
/// </remarks>
public sealed partial class PpoTrainer : IDisposable
{
    /// <summary>Largest `|ratio - 1|` that float32 rounding explains in the first mini-batch of a step.</summary>
    private const double RatioToleranceFloat32 = 1e-3;

    /// <summary>The same for bfloat16 weights.</summary>
    private const double RatioToleranceBFloat16 = 2e-2;

    /// <summary>An update that takes fewer seconds is finished rather than taken back.</summary>
    private const double QuickUpdate = 1;

    private readonly CausalLm _model;
    private readonly ActorCritic _actorCritic;
    private readonly TextGenerator _generator;
    private readonly ITokenizer _tokenizer;
    private readonly RewardScorer _reward;
    private readonly IReadOnlyList<EncodedPrompt> _prompts;
    private readonly PpoOptions _options;
    private readonly IAdvantageEstimator _estimator;
    private readonly PromptOrder _order;
    private readonly Tensor[] _parameters;

    /// <summary>How many of the parameters are the policy's; the value head's follow.</summary>
    private readonly int _policyParameters;

    private readonly Adam _optimizer;
    private readonly RunningMoments _scoreMoments = new();
    private readonly KlController _kl;
    private readonly int _seed;
    private readonly int _degreeOfParallelism;
    private readonly bool _adapterStartsAtZero;
    private double _updateSeconds = double.NaN;

    /// <summary>A trainer at step 0.</summary>
    /// <param name="model">
    /// Backbone with adapter, and with a value head where the options' estimator uses one; the trainer updates it in place and does not
    /// dispose it.
    /// </param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="reward">The white-box reward.</param>
    /// <param name="prompts">What to train on, rendered and encoded; at least one.</param>
    /// <param name="options">Options, already validated.</param>
    /// <param name="seed">Seed of prompt order, sampling and mini-batches.</param>
    /// <param name="degreeOfParallelism">Parts that a batch is computed in at a time; null is one a CPU thread, and one on a GPU.</param>
    public PpoTrainer(
        CausalLm model, ITokenizer tokenizer, RewardScorer reward, IReadOnlyList<EncodedPrompt> prompts, PpoOptions options, int seed,
        int? degreeOfParallelism = null)
    {
        (_model, _tokenizer, _reward, _prompts, _options, _seed) = (model, tokenizer, reward, prompts, options, seed);
        _degreeOfParallelism = degreeOfParallelism ?? DataParallel.Degree(model.Device);
        _actorCritic = new ActorCritic(model, options.TokenBudget, _degreeOfParallelism);
        _generator = new TextGenerator(model, _degreeOfParallelism);
        _estimator = options.AdvantageEstimator.Estimator;
        _order = new PromptOrder(prompts.Count, options.PromptsPerStep, seed);
        _parameters = model.TrainableParameters().Select(p => p.Tensor).ToArray();
        _policyParameters = _parameters.Length - (model.ValueHead?.Parameters.Count ?? 0);
        _optimizer = new Adam(_parameters);
        _kl = new KlController(options);
        _adapterStartsAtZero = model.Adapter?.Adapters.All(adapter => adapter.B.count_nonzero().ToInt64() == 0) ?? false;
    }

    /// <summary>Steps completed.</summary>
    public int StepsDone { get; private set; }

    /// <summary>
    /// Mini-batch order of an epoch: (step, epoch) to a permutation of the batch. Replaced where a reference's order is replayed.
    /// </summary>
    internal Func<int, int, int[]>? MinibatchOrder { get; set; }

    /// <summary>One step of PPO.</summary>
    /// <param name="cancellation">
    /// Gives the step up: while it samples nothing has changed yet, and an update that takes more than a second is taken back.
    /// </param>
    /// <exception cref="OperationCanceledException">The step was given up; the trainer stands where it stood before.</exception>
    /// <exception cref="TrainingInvariantException">Something that must always hold did not; this step must not be kept.</exception>
    public StepReport Step(CancellationToken cancellation = default)
    {
        var clock = new PhaseClock();
        var prompts = StepPrompts();
        var (rollouts, sampled) = Generate(prompts, cancellation);
        clock.Finish(Metric.SecondsGenerate);

        // The white-box reward works on text, on the CPU; the reference forward need not wait for it.
        var scoring = Task.Run(() => Score(prompts, rollouts));
        var trace = _actorCritic.Trace(rollouts, sampled);
        clock.Finish(Metric.SecondsForward);
        var scores = scoring.GetAwaiter().GetResult();
        clock.Finish(Metric.SecondsScore);
        cancellation.ThrowIfCancellationRequested();
        var learned = Learn(rollouts, trace, scores.Totals, cancellation);
        clock.Finish(Metric.SecondsUpdate);
        _updateSeconds = clock[Metric.SecondsUpdate];
        return StepSummary.Create(StepsDone, rollouts, scores, trace, learned, clock, _model.Device);
    }

    /// <summary>What the next step samples from: a prompt stands as often as it gets responses.</summary>
    internal EncodedPrompt[] StepPrompts() =>
        [.. _order.Batch(StepsDone).SelectMany(i => Enumerable.Repeat(_prompts[i], _options.SampledPerPrompt))];

    /// <summary>The step's second half: scores in, weights updated.</summary>
    internal LearnedStep Learn(RolloutBatch rollouts, PolicyTrace trace, IReadOnlyList<double> scores,
        CancellationToken cancellation = default)
    {
        CheckReference(trace);
        using var before = cancellation.CanBeCanceled && !(_updateSeconds < QuickUpdate)
            ? new TrainingSnapshot(_parameters, _optimizer, _scoreMoments)
            : null;
        var (klCoefficient, learningRate) = (_kl.Coefficient, LearningRate);
        var normalised = Normalise(scores);
        var advantages = _estimator.Estimate(new EstimatorInput(rollouts, trace, normalised, klCoefficient, _options));
        List<MinibatchReport> minibatches;
        try
        {
            minibatches = Optimise(rollouts, trace, advantages, before is null ? CancellationToken.None : cancellation);
        }
        catch (OperationCanceledException)
        {
            before?.Restore();
            throw;
        }

        if (Scope != UpdateScope.ValueAlone) _kl.Update(trace.SequenceKl(rollouts), rollouts.Count);
        StepsDone++;
        return new LearnedStep(advantages, normalised, minibatches, klCoefficient, _kl.Coefficient, learningRate);
    }

    /// <summary>The batch enters the running moments before it is normalised by them.</summary>
    private double[] Normalise(IReadOnlyList<double> scores)
    {
        if (scores.Any(score => !double.IsFinite(score)))
        {
            throw new TrainingInvariantException(
                $"Step {StepsDone + 1}: a score is {scores.First(s => !double.IsFinite(s))}. No update was made.");
        }

        if (!_options.NormaliseScores) return [.. scores];
        _scoreMoments.Update(scores);
        return _scoreMoments.Normalise(scores, _options.ScoreClip);
    }

    /// <summary>
    /// Samples the batch. What the policy says while it samples serves the update too, where rounding leaves it what the update's own
    /// pass would say (<see cref="CheckFirstRatio"/> holds the two together); bfloat16 does not, and the policy is asked again.
    /// </summary>
    private (RolloutBatch Rollouts, TokenTrace? Sampled) Generate(EncodedPrompt[] prompts, CancellationToken cancellation)
    {
        var seeds = Enumerable.Range(0, prompts.Length).Select(i => SeededRandom.Seed(_seed, "rollout", StepsDone, i)).ToArray();
        var sampling = new SamplingOptions
        {
            Temperature = _options.Temperature,
            TopP = _options.TopP,
            TopK = _options.TopK,
            MaxNewTokens = _options.MaxResponseTokens,
            EosIds = _model.EosIds,
            WithTraces = _model.Type == ScalarType.Float32,
        };
        var ids = prompts.Select(p => p.Ids).ToArray();
        var generation = _generator.Generate(ids, sampling, seeds, cancellation);
        return (new RolloutBatch(ids, generation.Sequences, generation.EndedWithEos),
            generation.Traces is { } traces ? TokenTrace.Concat(traces) : null);
    }

    private BatchScores Score(EncodedPrompt[] prompts, RolloutBatch rollouts)
    {
        var items = prompts.Select(prompt => prompt.Item).ToArray();
        return new BatchScores(items, _reward.Score(items, [.. rollouts.Responses.Select(ids => _tokenizer.Decode(ids))]));
    }

    /// <summary>All epochs over one batch; one report a mini-batch.</summary>
    internal List<MinibatchReport> Optimise(
        RolloutBatch rollouts, PolicyTrace trace, Advantages advantages, CancellationToken cancellation = default)
    {
        var objective = new PpoObjective(trace, advantages, _options);
        var reports = new List<MinibatchReport>();
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            var order = MinibatchOrder?.Invoke(StepsDone, epoch)
                ?? SeededRandom.From(_seed, "mini-batches", StepsDone, epoch).Permutation(rollouts.Count);
            foreach (var group in order.Chunk(_options.MiniBatchSize * _options.GradientAccumulation))
            {
                cancellation.ThrowIfCancellationRequested();
                _optimizer.ZeroGrad();
                // It takes another backward pass.
                using var shares = _model.ValueHead is not null && reports.Count == 0 && StepsDone % GradientParts.Interval == 0
                    ? new GradientParts(_optimizer, _policyParameters) : null;
                foreach (var sequences in SequenceBatch.Pack(rollouts, group, _options.MiniBatchSize, _options.TokenBudget))
                {
                    reports.AddRange(Backward(rollouts, sequences, objective, shares, checkRatio: reports.Count == 0));
                }

                if (shares is not null) reports[^1] = reports[^1] with { GradientParts = shares.Norms() };
                var norm = _optimizer.GradientNorm(_options.MaxGradientNorm);
                if (!double.IsFinite(norm))
                {
                    throw new TrainingInvariantException(
                        $"Step {StepsDone + 1}, epoch {epoch + 1}: the gradient's norm is {norm}. The update was not applied. "
                        + "A learning rate that is too high, or a reward far outside its usual range, are the usual causes.");
                }

                var (policyRate, valueRate) = (LearningRate, ValueLearningRate);
                _optimizer.Step(i => i < _policyParameters ? policyRate : valueRate);
                reports[^1] = reports[^1] with { GradientNorm = norm };
            }
        }

        return reports;
    }

    /// <summary>The learning rate of the step under way: linear warm-up, then constant.</summary>
    internal double LearningRate => _options.LearningRate * WarmUp;

    private double ValueLearningRate => _options.ValueLearningRate > 0 ? _options.ValueLearningRate * WarmUp : LearningRate;

    private double WarmUp => _options.WarmupSteps > 0 ? Math.Min(1, (double)StepsDone / _options.WarmupSteps) : 1;

    /// <summary>What the step under way moves.</summary>
    private UpdateScope Scope => StepsDone < _options.ValueWarmupSteps ? UpdateScope.ValueAlone
        : _options.DetachValueHead ? UpdateScope.Detached : UpdateScope.Shared;

    /// <summary>
    /// Forward and backward of whole mini-batches, in parts at the same time. Gradients add up in the parameters, in an order that
    /// does not depend on which part is done first.
    /// </summary>
    private List<MinibatchReport> Backward(
        RolloutBatch rollouts, int[] sequences, PpoObjective objective, GradientParts? shares, bool checkRatio)
    {
        var parts = DataParallel.Split(sequences, rollouts.Work, _degreeOfParallelism);
        var outputs = new TokenOutputs[parts.Length];
        DataParallel.Run(parts.Length, part => outputs[part] = Forward(rollouts, parts[part], objective));

        // Whether a mini-batch counts is known when all of its sequences are.
        var weights = new float[rollouts.Tokens];
        var reports = new List<MinibatchReport>();
        foreach (var minibatch in sequences.Chunk(_options.MiniBatchSize))
        {
            var positions = rollouts.FlatIndices(minibatch);
            var report = objective.Summarise(positions);
            if (checkRatio && reports.Count == 0) CheckFirstRatio(objective, positions);
            CheckFinite(report);
            reports.Add(report);
            if (report.Skipped) continue;
            foreach (var position in positions) weights[position] = 1f / (positions.Length * _options.GradientAccumulation);
        }

        var gradients = new (Tensor?[] All, Tensor?[]? Value)[parts.Length];
        DataParallel.Run(parts.Length, part => gradients[part] = Gradients(outputs[part], objective, weights, shares is not null));
        foreach (var (all, value) in gradients)
        {
            _optimizer.AddGradients(all);
            if (value is not null) shares?.AddValue(value);
        }

        return reports;
    }

    /// <summary>What the model says of some sequences' tokens; the terms of their objective go to <paramref name="objective"/>.</summary>
    private TokenOutputs Forward(RolloutBatch rollouts, int[] sequences, PpoObjective objective)
    {
        using var scope = NewDisposeScope();
        var positions = rollouts.FlatIndices(sequences);
        var (logProbs, values) = _actorCritic.Forward(rollouts, sequences, Scope);
        using (no_grad())
        {
            var single = logProbs.to(ScalarType.Float32);
            // In one transfer.
            var host = (values is null ? single : cat([single, values])).cpu().data<float>().ToArray();
            objective.Compute(positions, host.AsSpan(0, positions.Length), host.AsSpan(positions.Length));
        }
        return new TokenOutputs(positions, logProbs.DetachFromDisposeScope(), values?.DetachFromDisposeScope());
    }

    /// <summary>
    /// What the weighted objective adds to each parameter's gradient, null where it does not touch it; and, where that is asked and not
    /// nothing, what its value loss alone adds to the policy's.
    /// </summary>
    private (Tensor?[] All, Tensor?[]? Value) Gradients(TokenOutputs outputs, PpoObjective objective, float[] weights, bool apart)
    {
        using var scope = NewDisposeScope();
        var (positions, logProbs, values) = outputs;
        scope.Attach(logProbs);
        // A skipped token's gradient may be infinite: it counts for nothing, not for nothing times infinity.
        Tensor Of(float[] gradient, ScalarType type) =>
            tensor(Array.ConvertAll(positions, t => weights[t] == 0 ? 0 : weights[t] * gradient[t]), type, _model.Device);
        Tensor?[] Grad(Tensor[] results, ReadOnlySpan<Tensor> parameters, Tensor[] gradients, bool again = false) =>
            [.. autograd.grad(results, parameters.ToArray(), gradients, retain_graph: again, allow_unused: true)
                .Select(g => g?.DetachFromDisposeScope())];

        var ofPolicy = Of(objective.LogProbGradient, logProbs.dtype);
        if (values is null) return (Grad([logProbs], _parameters, [ofPolicy]), null);
        scope.Attach(values);
        var ofValues = Of(objective.ValueGradient, values.dtype);
        if (Scope == UpdateScope.ValueAlone)
            return ([.. new Tensor?[_policyParameters], .. Grad([values], _parameters.AsSpan(_policyParameters), [ofValues])], null);
        var value = apart && Scope == UpdateScope.Shared
            ? Grad([values], _parameters.AsSpan(0, _policyParameters), [ofValues], again: true)
            : null;
        return (Grad([logProbs, values], _parameters, [ofPolicy, ofValues]), value);
    }

    private double RatioTolerance => _model.Type == ScalarType.Float32 ? RatioToleranceFloat32 : RatioToleranceBFloat16;

    private void CheckReference(PolicyTrace trace)
    {
        if (StepsDone > 0 || !_adapterStartsAtZero) return;
        var worst = Largest(trace.LogProbs.Zip(trace.ReferenceLogProbs, (p, r) => Math.Abs((double)p - r)));
        if (worst <= RatioTolerance) return;
        throw new TrainingInvariantException(
            $"Before the first step policy and reference must agree (the adapter's B is zero), but a log-prob differs by {worst:g3} "
            + $"(allowed: {RatioTolerance:g1}). The adapter is applied where it should be off, or the backbone was changed.");
    }

    private void CheckFirstRatio(PpoObjective objective, int[] positions)
    {
        var worst = Largest(positions.Select(position => Math.Abs((double)objective.Ratio[position] - 1)));
        if (worst < RatioTolerance) return;
        throw new TrainingInvariantException(
            $"Step {StepsDone + 1}: in the first mini-batch the policy has not changed yet, so every ratio must be 1, but one is off by "
            + $"{worst:g3} (allowed: {RatioTolerance:g1}). Log-probs before and during the update disagree: padding, positions, attention "
            + "mask or the model's mode differ between the two.");
    }

    /// <summary>The largest value; NaN where there is one (LINQ's Max passes over it).</summary>
    private static double Largest(IEnumerable<double> values) => values.Aggregate(0.0, Math.Max);

    private void CheckFinite(MinibatchReport report)
    {
        if (double.IsFinite(report.TotalLoss)) return;
        throw new TrainingInvariantException(
            $"Step {StepsDone + 1}: a mini-batch's loss is {report.TotalLoss} (policy {report.PolicyLoss:g4}, value "
                + $"{report.ValueLoss:g4}). "
            + "The update was not applied.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _generator.Dispose();
    }

    /// <param name="Positions">Flat indices of the tokens.</param>
    /// <param name="LogProbs">Of each, with gradient.</param>
    /// <param name="Values">Where each is predicted, with gradient; null where there is no value function.</param>
    private sealed record TokenOutputs(int[] Positions, Tensor LogProbs, Tensor? Values);
}
