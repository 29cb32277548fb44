using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>
/// What an update changes, as it was before: the trained weights, Adam's state and the score moments. Kept in host memory.
/// </summary>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly Adam _optimizer;
    private readonly RunningMoments _moments;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _firstMoments;
    private readonly Tensor[] _secondMoments;
    private readonly long[] _updates;
    private readonly (double Mean, double Variance, double Std, double Count) _scores;

    public TrainingSnapshot(IReadOnlyList<Tensor> parameters, Adam optimizer, RunningMoments moments)
    {
        (_parameters, _optimizer, _moments) = (parameters, optimizer, moments);
        (_weights, _firstMoments, _secondMoments) = (Copy(parameters), Copy(optimizer.FirstMoments), Copy(optimizer.SecondMoments));
        (_updates, _scores) = ([.. optimizer.Steps], (moments.Mean, moments.Variance, moments.Std, moments.Count));
    }

    /// <summary>Puts everything back.</summary>
    public void Restore()
    {
        using var guard = no_grad();
        for (var i = 0; i < _weights.Length; i++) _parameters[i].copy_(_weights[i]);
        _optimizer.ZeroGrad();
        _optimizer.Restore(_updates, _firstMoments, _secondMoments);
        _moments.Restore(_scores.Mean, _scores.Variance, _scores.Std, _scores.Count);
    }

    public void Dispose()
    {
        foreach (var copy in _weights.Concat(_firstMoments).Concat(_secondMoments)) copy.Dispose();
    }

    private static Tensor[] Copy(IReadOnlyList<Tensor> tensors)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return [.. tensors.Select(tensor => tensor.detach().clone().cpu().DetachFromDisposeScope())];
    }
}
