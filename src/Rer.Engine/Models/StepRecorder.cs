using System.Numerics;
using Rer.Torch;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>The recorded steps of one cache, one for each size of batch and length met, in powers of two.</summary>
/// <param name="backbone">The model.</param>
/// <param name="cache">The cache; its sizes are powers of two (<see cref="RoundUp"/>).</param>
/// <param name="graphs">Records device work.</param>
internal sealed class StepRecorder(ICausalBackbone backbone, KeyValueCache cache, ICudaGraphs graphs) : IDisposable
{
    private readonly Dictionary<(int Rows, long Places), RecordedStep> _steps = [];

    /// <summary>The next power of two.</summary>
    public static int RoundUp(int size) => (int)BitOperations.RoundUpToPowerOf2((uint)size);

    /// <summary>Reads one token a row; see <see cref="RecordedStep.Run"/>.</summary>
    /// <param name="ids">One a row in use.</param>
    /// <param name="starts">Of each row in use: the first place that is not padding.</param>
    /// <param name="filled">Places filled.</param>
    /// <param name="places">Places that the batch will fill in the end.</param>
    public Tensor Step(IReadOnlyList<long> ids, IReadOnlyList<long> starts, long filled, int places)
    {
        var size = (RoundUp(ids.Count), RoundUp(places));
        if (!_steps.TryGetValue(size, out var step)) _steps[size] = step = new RecordedStep(backbone, cache, graphs, size.Item1, size.Item2);
        return step.Run(ids, starts, filled);
    }

    public void Dispose()
    {
        foreach (var step in _steps.Values) step.Dispose();
    }
}
