using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <content>Saving and restoring.</content>
public sealed partial class PpoTrainer
{
    private const string StateFile = "trainer.json";
    private const string TensorFile = "trainer.safetensors";
    private static readonly JsonSerializerOptions Format = new(
        )
    { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>
    /// Writes the training state beside the adapter: optimiser moments (`trainer.safetensors`), score moments, KL coefficient and the
    /// step (`trainer.json`). Prompt order, sampling and mini-batches follow from (seed, step), so they need no state of their own.
    /// </summary>
    /// <param name="folder">An existing folder; the caller makes the whole checkpoint appear at once by renaming it.</param>
    public void Save(string folder)
    {
        _model.SaveAdapter(folder);
        var names = _model.TrainableParameters().Select(p => p.Name).ToArray();
        var tensors = new Dictionary<string, Tensor>();
        for (var i = 0; i < names.Length; i++)
        {
            tensors[$"adam.exp_avg.{names[i]}"] = _optimizer.FirstMoments[i];
            tensors[$"adam.exp_avg_sq.{names[i]}"] = _optimizer.SecondMoments[i];
        }

        SafetensorsWriter.Write(Path.Combine(folder, TensorFile), tensors);
        var state = new TrainerState(
            StepsDone, _seed, _optimizer.Steps[^1], _kl.Coefficient,
            _scoreMoments.Mean, _scoreMoments.Variance, _scoreMoments.Std, _scoreMoments.Count,
            _optimizer.Steps[0] == _optimizer.Steps[^1] ? null : _optimizer.Steps[0]);
        File.WriteAllText(Path.Combine(folder, StateFile), JsonSerializer.Serialize(state, Format));
    }

    /// <summary>Continues from a folder written by <see cref="Save"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="step">The step whose state it must hold; null takes whichever it holds.</param>
    /// <exception cref="InvalidDataException">The state is of another seed or step, or tensors are missing.</exception>
    public void Load(string folder, int? step = null)
    {
        var path = Path.Combine(folder, StateFile);
        var state = JsonSerializer.Deserialize<TrainerState>(File.ReadAllText(path), Format)
            ?? throw new InvalidDataException($"{path}: empty. A training state written by this program is expected.");
        if (state.Seed != _seed)
        {
            throw new InvalidDataException($"{path}: written with seed {state.Seed}, but the plan has {_seed}. Resume with the same plan.");
        }

        if (step is { } wanted && state.Step != wanted)
            throw new InvalidDataException($"{path}: holds the state of step {state.Step}, where that of step {wanted} belongs.");

        _model.LoadAdapter(folder);
        using (var tensors = Safetensors.Open(Path.Combine(folder, TensorFile)))
        using (var scope = NewDisposeScope())
        {
            var names = _model.TrainableParameters().Select(p => p.Name).ToArray();
            _optimizer.Restore(
                [.. names.Select((_, i) =>
                    i < _policyParameters ? state.PolicyOptimizerSteps ?? state.OptimizerSteps : state.OptimizerSteps)],
                [.. names.Select(name => tensors.Read($"adam.exp_avg.{name}"))],
                [.. names.Select(name => tensors.Read($"adam.exp_avg_sq.{name}"))]);
        }

        _kl.Restore(state.KlCoefficient);
        _scoreMoments.Restore(state.ScoreMean, state.ScoreVariance, state.ScoreStd, state.ScoreCount);
        StepsDone = state.Step;
    }

    // OptimizerSteps are the value head's updates. The adapter's are told apart where a warm-up of the head made them fewer.
    private sealed record TrainerState(
        int Step, int Seed, long OptimizerSteps, double KlCoefficient,
        double ScoreMean, double ScoreVariance, double ScoreStd, double ScoreCount,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? PolicyOptimizerSteps = null);
}
