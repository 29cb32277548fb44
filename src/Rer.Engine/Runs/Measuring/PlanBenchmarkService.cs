using Rer.Engine.Options;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Measuring;

/// <summary>
/// Measures plans beside everything else, one at a time, while no run needs the device; keeps what it found in the store's folder.
/// </summary>
/// <param name="store">Where measurements are kept.</param>
/// <param name="coordinator">Lends the device; dispose of this before it.</param>
/// <param name="measure">Measures a plan, telling how many of <see cref="PlanBenchmark.Parts"/> are done; null is
/// <see cref="PlanBenchmark"/>.</param>
/// <param name="validate">Checks a plan before it is measured beside everything else; null is <see cref="RunPlan.Validate"/>.</param>
public sealed class PlanBenchmarkService(
    IRunStore store,
    RunCoordinator coordinator,
    Func<RunPlan, Action<int>, CancellationToken, PlanMeasurement>? measure = null,
    Func<RunPlan, IReadOnlyList<PlanError>>? validate = null) : IDisposable
{
    private readonly Func<RunPlan, Action<int>, CancellationToken, PlanMeasurement> _measure =
        measure ?? ((plan, progress, cancellation) => PlanBenchmark.Measure(plan, progress, cancellation: cancellation));
    private readonly Func<RunPlan, IReadOnlyList<PlanError>> _validate = validate ?? (plan => plan.Validate());
    private readonly Lock _gate = new();
    private PlanBenchmarkRun? _underWay;

    /// <summary>The measurement under way; null where none is.</summary>
    public PlanBenchmarkRun? UnderWay
    {
        get
        {
            lock (_gate) return _underWay is { Result.IsCompleted: false } measuring ? measuring : null;
        }
    }

    /// <summary>Begins to measure a plan, or joins whoever measures such a plan already.</summary>
    /// <param name="plan">A plan; what is wrong with it comes out as the result's exception.</param>
    /// <returns>Null where the device is not free: a run holds it or waits for it, or another plan is measured.</returns>
    /// <exception cref="StoreInUseException">Another process trains in this store.</exception>
    public PlanBenchmarkRun? Begin(RunPlan plan)
    {
        var key = PlanMeasurement.KeyOf(plan);
        lock (_gate)
        {
            if (_underWay is { Result.IsCompleted: false } other) return other.Key == key ? other : null;
            if (coordinator.TryAcquire() is not { } loan) return null;
            var begun = new PlanBenchmarkRun(key, loan.Recalled);
            begun.Start(() => Measure(plan, key, begun, loan));
            return _underWay = begun;
        }
    }

    /// <summary>Measures a plan on the calling thread, for programs that do nothing else.</summary>
    /// <exception cref="InvalidOperationException">The device is not free.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public PlanMeasurement MeasureNow(RunPlan plan, Action<int> progress, CancellationToken cancellation)
    {
        using var loan = coordinator.TryAcquire() ?? throw new InvalidOperationException("The device is in use; measure when it is free.");
        return Keep(PlanMeasurement.KeyOf(plan), _measure(plan, progress, cancellation));
    }

    /// <summary>Gives up what is under way and waits until the device is given back, at most as long as a program has to end.</summary>
    public void Dispose()
    {
        if (UnderWay is not { } measuring) return;
        measuring.Cancel();
        measuring.AwaitEnd(coordinator.EndGrace);
    }

    private PlanMeasurement Measure(RunPlan plan, string key, PlanBenchmarkRun begun, DeviceLease loan)
    {
        using (loan)
        {
            if (_validate(plan) is { Count: > 0 } errors) throw new PlanException(errors);
            try
            {
                return Keep(key, _measure(plan, begun.Report, begun.Cancelled));
            }
            finally
            {
                NativeMemory.GiveBack();
            }
        }
    }

    private PlanMeasurement Keep(string key, PlanMeasurement measurement)
    {
        MeasurementFile.Write(store.Folder, key, measurement);
        return measurement;
    }
}
