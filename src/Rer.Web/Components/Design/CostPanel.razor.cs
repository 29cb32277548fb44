using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Web.Formatting;

namespace Rer.Web.Components.Design;

/// <summary>What a run will take in memory, time and disk; measures its time where the device is free.</summary>
public sealed partial class CostPanel
{
    // Of the parts a measurement reports; the others are evaluations.
    private static readonly int[] Steps = [1, 2, 4];

    private PlanBenchmarkRun? _underWay;
    private string? _note;
    private (string Key, bool Unasked) _seen;

    /// <summary>The plan that <see cref="Estimate"/> is of.</summary>
    [Parameter, EditorRequired] public RunPlan Plan { get; set; } = default!;

    /// <summary>What it takes; null while that is not known.</summary>
    [Parameter] public RunEstimate? Estimate { get; set; }

    /// <summary>Why there is no estimate.</summary>
    [Parameter] public string? Problem { get; set; }

    /// <summary>Measure without being asked, once, where nothing is known of the plan's time and the device is free.</summary>
    [Parameter] public bool Unasked { get; set; }

    /// <summary>A measurement began (true) or ended (false).</summary>
    [Parameter] public EventCallback<bool> MeasuringChanged { get; set; }

    [Inject] private PlanBenchmarkService Measurements { get; set; } = default!;

    // Of a CUDA device only what the binding tells is known, and its size is not among it.
    private bool OnProcessor => Plan.Device is "cpu" || !TorchSharp.torch.cuda.is_available();

    private double Total => OnProcessor ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : 0;

    private string Machine => OnProcessor ? $"{Display.Plural(Environment.ProcessorCount, "CPU core")}, {Display.Size(Total)}" : "CUDA";

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (Estimate is null || _underWay is not null) return;
        var (before, now) = (_seen, (Key: PlanMeasurement.KeyOf(Plan), Unasked));
        if (now == before) return;
        _seen = now;
        if (now.Key != before.Key) _note = null;
        // Another page of this plan, or this one before it was left, may be measuring it already.
        if (Measurements.UnderWay is { } other && other.Key == now.Key) await Watch(other);
        else if (Unasked && Estimate.Timing is null && Measurements.Begin(Plan) is { } begun) await Watch(begun);
    }

    private static string Assumption(PlanMeasurement measured) => measured.ResponseTokens >= measured.MaxResponseTokens - 0.5
        ? $"Every response already has the {measured.MaxResponseTokens} tokens it may have."
        : $"From responses as they are now, {Display.Number(measured.ResponseTokens, 0)} tokens, to every one at its limit, "
            + $"{measured.MaxResponseTokens}.";

    private async Task Measure()
    {
        _note = null;
        if (Measurements.Begin(Plan) is { } begun) await Watch(begun);
        else _note = Measurements.UnderWay is null ? "A run has the device; measure when it is free." : "Another plan is being measured.";
    }

    private async Task Watch(PlanBenchmarkRun measuring)
    {
        _underWay = measuring;
        await MeasuringChanged.InvokeAsync(true);
        await Follow(left => Watch(measuring, left));
    }

    private async Task Watch(PlanBenchmarkRun measuring, CancellationToken left)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        var shown = -1;
        while (!measuring.Result.IsCompleted)
        {
            if (shown != measuring.Done) StateHasChanged();
            shown = measuring.Done;
            await Task.WhenAny(measuring.Result, beat.WaitForNextTickAsync(left).AsTask());
            left.ThrowIfCancellationRequested();
        }

        _underWay = null;
        _note = measuring.Result switch
        {
            { IsCanceled: true } => "The measurement was given up.",
            { Exception.InnerException: { } error } => $"It could not be measured: {error.Message}",
            _ => null,
        };
        await MeasuringChanged.InvokeAsync(false);
        StateHasChanged();
    }
}
