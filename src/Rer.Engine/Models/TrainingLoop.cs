using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Minimises a loss over batches by Adam, with a warm-up of a twentieth of the steps and a cosine decay.</summary>
/// <param name="Steps">Updates.</param>
/// <param name="LearningRate">Peak of the schedule.</param>
/// <param name="Beta2">Adam's second decay rate.</param>
/// <param name="MaxGradientNorm">The gradient's norm is clipped to this; 0 is off.</param>
internal sealed record TrainingLoop(int Steps, double LearningRate, double Beta2, double MaxGradientNorm)
{
    /// <summary>Updates between reports of progress.</summary>
    private const int ReportEvery = 50;

    /// <summary>Trains.</summary>
    /// <param name="parameters">What is updated, in place.</param>
    /// <param name="batches">At least <see cref="Steps"/> of them.</param>
    /// <param name="loss">The loss of a batch, a scalar with a gradient; its tensors are freed after the update.</param>
    /// <param name="progress">Told every 50 updates.</param>
    /// <param name="cancellation">Stops between updates.</param>
    /// <exception cref="InvalidDataException">The loss became NaN or infinite.</exception>
    public void Run<TBatch>(Tensor[] parameters, IEnumerable<TBatch> batches, Func<TBatch, Tensor> loss,
        Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var optimizer = new Adam(parameters, beta2: Beta2);
        var schedule = new CosineSchedule(LearningRate, Steps, Math.Max(1, Steps / 20));
        var started = Stopwatch.GetTimestamp();
        var losses = new List<double>();
        var step = 0;
        foreach (var batch in batches.Take(Steps))
        {
            cancellation.ThrowIfCancellationRequested();
            losses.Add(Update(optimizer, () => loss(batch), schedule.At(step), ++step));
            if (step % ReportEvery != 0 && step != Steps) continue;
            progress?.Invoke(new TrainingProgress(step, Steps, losses.Average(), Stopwatch.GetElapsedTime(started)));
            losses.Clear();
        }
    }

    private double Update(Adam optimizer, Func<Tensor> loss, double learningRate, int step)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        var of = loss();
        var value = of.ToDouble();
        if (!double.IsFinite(value))
            throw new InvalidDataException($"update {step}: the loss is {value}. A learning rate below {LearningRate:g2} helps.");
        of.backward();
        optimizer.GradientNorm(MaxGradientNorm);
        optimizer.Step(learningRate);
        return value;
    }
}

/// <summary>A learning rate over a training: linear warm-up, then half a cosine down to a share of the peak.</summary>
/// <param name="Peak">The highest learning rate.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Warmup">Steps of the warm-up.</param>
/// <param name="Floor">Share of the peak that the last step has.</param>
internal sealed record CosineSchedule(double Peak, int Steps, int Warmup, double Floor = 0.05)
{
    /// <summary>The learning rate of a step, from 0.</summary>
    public double At(int step)
    {
        if (step < Warmup) return Peak * (step + 1) / Warmup;
        var progress = Math.Clamp((double)(step - Warmup) / Math.Max(1, Steps - 1 - Warmup), 0, 1);
        return Peak * (Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
