using Microsoft.AspNetCore.Components;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Runs;
using Rer.Web.Charts;
using Rer.Web.Formatting;
using Rer.Web.Live;

namespace Rer.Web.Components.Run;

/// <summary>The figure of a run: does gold rise with the proxy?</summary>
public sealed partial class ProxyAgainstGold
{
    private static readonly (Scale, string)[] Normalisations = [(Scale.ZScore, "z-score"), (Scale.MinMax, "min–max")];
    private static readonly (bool, string)[] Rawness = [(false, "Normalised"), (true, "Raw")];

    private (int Version, Scale Scale, int Planned, int Step) _built = (-1, Scale.ZScore, 0, 0);
    private ChartSpec _spec = default!;
    private NumbersTable _numbers = default!;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public LiveRun Live { get; set; } = default!;

    /// <summary>Normalised or raw.</summary>
    [Parameter, EditorRequired] public Scale Scale { get; set; }

    /// <summary>The reader chose another scale.</summary>
    [Parameter] public EventCallback<Scale> ScaleChanged { get; set; }

    private string CaptionText
    {
        get
        {
            var options = Live.Run!.Plan.Evaluation;
            var queries = Live.Evaluations[^1].Proxy.Count;
            var text = $"Means over {Display.Plural(queries, "evaluation query", "evaluation queries")}, {options.Responses} responses "
                + $"each at temperature {Display.Plain(options.Temperature)}. Bands: bootstrap 95 % over queries, cut where they are far "
                + $"wider than the curves.{PText}";
            return Live.Evaluations.Count == 1 && Scale != Scale.Raw
                ? text + " One checkpoint so far: normalised values begin with the second." : text;
        }
    }

    private string PText =>
        Live.Monotonicity is { Raw.Rho: var rho } found && double.IsFinite(rho)
            ? found.Raw.ExactPValue is null ? " p by the t approximation." : " p exact, over all orders." : "";

    private string Waiting => Live.Run?.State switch
    {
        RunState.Queued => "Queued",
        RunState.Failed => "Failed before the first evaluation",
        RunState.Paused => "Paused before the first evaluation",
        RunState.Stopped => "Stopped before the first evaluation",
        _ => "Waiting for step 0",
    };

    private string WaitingText => Live.Run?.State switch
    {
        RunState.Queued => "The device is taken. The run starts when those before it have ended.",
        RunState.Paused or RunState.Stopped or RunState.Failed => "Resume it to go on.",
        _ => Live.Progress?.Phase == "evaluate"
            ? "The untrained policy answers the evaluation queries and is judged once before training starts: "
                + $"{Display.Count(Live.Progress.Done)} of {Display.Count(Live.Progress.Total)}."
            : "Models and data are loading. Then the untrained policy is evaluated, before the first step of training.",
    };

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (Live.Evaluations.Count == 0) return;
        var planned = Live.Run!.Plan.Ppo.Steps;
        // The line of "now" moves in tenths of a per cent: no more is seen, and a redraw a step would be for nothing.
        var step = Live.Run.Step * 1000 / Math.Max(1, planned);
        var key = (Live.EvaluationVersion, Scale, planned, step);
        if (_built == key) return;
        _built = key;
        _spec = RunCharts.ProxyAgainstGold(Live.Evaluations, Scale, Live.Run.Step, planned,
            Live.Monotonicity?.Verdict == Verdict.OverOptimised);
        _numbers = RunCharts.Numbers(Live.Evaluations);
    }
}
