using System.Diagnostics;
using Rer.Engine.Data;
using Rer.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Playground;

/// <summary>Trains all weights of a language model to predict answers, token by token; prompts are read but not learned.</summary>
/// <param name="model">The model; updated in place.</param>
/// <param name="options">Options.</param>
public sealed class SupervisedTrainer(CausalLm model, SupervisedOptions options)
{
    /// <summary>Examples that are sorted by length together.</summary>
    private const int PoolSize = 1024;

    /// <summary>Updates between reports of progress.</summary>
    private const int ReportEvery = 50;

    /// <summary>Trains for <see cref="SupervisedOptions.Steps"/> updates.</summary>
    /// <param name="examples">Example number i, without end.</param>
    /// <param name="progress">Told every 50 updates; losses are nats per answer token.</param>
    /// <param name="cancellation">Stops between updates.</param>
    /// <exception cref="InvalidDataException">The loss became NaN or infinite.</exception>
    public void Train(Func<long, SupervisedExample> examples, Action<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        model.RequireGrad(all: true);
        var parameters = model.TrainableParameters().Select(parameter => parameter.Tensor).ToArray();
        using var optimizer = new Adam(parameters, beta2: options.Beta2);
        var schedule = new CosineSchedule(options.LearningRate, options.Steps, Math.Max(1, options.Steps / 20));
        var started = Stopwatch.GetTimestamp();
        var losses = new List<double>();
        using var batches = Batches(examples).GetEnumerator();
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            batches.MoveNext();
            losses.Add(Update(optimizer, batches.Current, schedule.At(step), step));
            if ((step + 1) % ReportEvery != 0 && step + 1 != options.Steps) continue;
            progress?.Invoke(new TrainingProgress(step + 1, options.Steps, losses.Average(), Stopwatch.GetElapsedTime(started)));
            losses.Clear();
        }

        model.RequireGrad(all: false);
    }

    /// <summary>Mean loss over the answer tokens of <paramref name="examples"/>, in nats.</summary>
    public double Loss(IReadOnlyList<SupervisedExample> examples)
    {
        var (sum, tokens) = (0.0, 0);
        foreach (var batch in LengthBatches.Cut(examples, example => example.Tokens.Length, options.TokensPerBatch))
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var count = batch.Sum(example => example.Tokens.Length - example.PromptLength);
            sum += Loss(batch).ToDouble() * count;
            tokens += count;
        }

        return sum / tokens;
    }

    private IEnumerable<SupervisedExample[]> Batches(Func<long, SupervisedExample> examples)
    {
        for (var pool = 0L; ; pool++)
        {
            var drawn = Enumerable.Range(0, PoolSize).Select(i => examples((pool * PoolSize) + i)).ToArray();
            var random = SeededRandom.From(options.Seed, "supervised batches", pool);
            foreach (var batch in LengthBatches.Cut(drawn, example => example.Tokens.Length, options.TokensPerBatch, random))
                yield return batch;
        }
    }

    private double Update(Adam optimizer, SupervisedExample[] batch, double learningRate, int step)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        var loss = Loss(batch);
        var value = loss.ToDouble();
        if (!double.IsFinite(value))
            throw new InvalidDataException(
                $"update {step + 1}: the loss is {value}. A learning rate below {options.LearningRate:g2} helps.");
        loss.backward();
        optimizer.GradientNorm(options.MaxGradientNorm);
        optimizer.Step(learningRate);
        return value;
    }

    /// <summary>
    /// Mean over the answer tokens of -log p. Padding stands right, so that under causal attention no token sees it and no mask is needed.
    /// </summary>
    private Tensor Loss(SupervisedExample[] batch)
    {
        var width = batch.Max(example => example.Tokens.Length);
        var ids = new long[batch.Length * width];
        var mask = new float[batch.Length * (width - 1)];
        for (var row = 0; row < batch.Length; row++)
        {
            var (tokens, promptLength) = (batch[row].Tokens, batch[row].PromptLength);
            for (var t = 0; t < tokens.Length; t++) ids[(row * width) + t] = tokens[t];
            // The position before a token predicts it.
            Array.Fill(mask, 1f, (row * (width - 1)) + promptLength - 1, tokens.Length - promptLength);
        }

        var sequences = tensor(ids, [batch.Length, width], device: model.Device);
        var answers = tensor(mask, [batch.Length, width - 1], device: model.Device);
        return -model.TokenLogProbs(model.Hidden(sequences), sequences, answers).LogProbs.sum() / mask.Sum();
    }
}
