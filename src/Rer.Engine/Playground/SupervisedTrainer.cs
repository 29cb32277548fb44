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
        var loop = new TrainingLoop(options.Steps, options.LearningRate, options.Beta2, options.MaxGradientNorm);
        loop.Run(parameters, Batches(examples), Loss, progress, cancellation);
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

/// <summary>A prompt with the answer a policy shall learn.</summary>
/// <param name="Tokens">Prompt and answer.</param>
/// <param name="PromptLength">Tokens of the prompt: nothing is learned from them.</param>
public sealed record SupervisedExample(int[] Tokens, int PromptLength);
