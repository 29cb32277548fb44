using System.Globalization;
using Microsoft.AspNetCore.Components;
using Rer.Engine.Options;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;
using Rer.Web.Formatting;
using Rer.Web.Live;

namespace Rer.Web.Components.Run;

/// <summary>A run's name, state, progress and what can be done with it.</summary>
public sealed partial class RunHead
{
    private const int MostTicks = 200;
    private bool _stopping;
    private bool _extending;
    private bool _ending;
    private RunState _endingFrom;
    private string _steps = "";
    private string? _error;

    [Inject] private RunCoordinator Coordinator { get; set; } = default!;

    [Inject] private IRunStore Store { get; set; } = default!;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public RunRecord Run { get; set; } = default!;

    /// <summary>The run as it goes.</summary>
    [Parameter, EditorRequired] public LiveRun Live { get; set; } = default!;

    /// <summary>How fast it goes.</summary>
    [Parameter, EditorRequired] public RunPace Pace { get; set; }

    private int Planned => Math.Max(1, Run.Plan.Ppo.Steps);

    private bool CanPause => Run.State is RunState.Running or RunState.Starting or RunState.Queued;

    private bool CanResume => Run.State is RunState.Paused or RunState.Stopped or RunState.Failed;

    private bool CanStop => CanPause || Run.State == RunState.Paused;

    private string StateText => _ending ? "ending after this step" : Names.Of(Run.State);

    private string TrackText =>
        $"Step {Display.Count(Run.Step)} of {Display.Count(Planned)}; evaluations every {Display.Count(Run.Plan.Evaluation.Every)} steps, "
            + $"{Live.Evaluations.Count} done";

    private IEnumerable<int> EvaluationSteps
    {
        get
        {
            // Beyond a few hundred the ticks would run into one bar.
            var every = Math.Max(1, Run.Plan.Evaluation.Every);
            while (Planned / every > MostTicks) every *= 2;
            for (var at = 0; at <= Planned; at += every) yield return at;
        }
    }

    private IEnumerable<(MarkupString Text, string? Class)> Facts
    {
        get
        {
            if (Live.Progress is { } phase && phase.Total > 0 && phase.Done < phase.Total
                && Run.State is RunState.Starting or RunState.Running)
                yield return (Fact(
                    $"{PhaseName(Live.Progress!.Phase)} <b>{Display.Count(Live.Progress.Done)}</b> of "
                        + $"{Display.Count(Live.Progress.Total)}"), null);
            if (Run.State is RunState.Running && Pace.SecondsLeft > 0)
            {
                var end = DateTimeOffset.Now.AddSeconds(Pace.SecondsLeft);
                var text = end.Date == DateTimeOffset.Now.Date ? end.ToString("HH:mm", CultureInfo.InvariantCulture)
                    : end.ToString("d MMM HH:mm", CultureInfo.InvariantCulture);
                yield return (Fact($"<b>{Display.Duration(Pace.SecondsLeft)}</b> left, ends about {text}"), null);
                if (Pace.StepsToEvaluation > 0)
                    yield return (Fact($"next evaluation in <b>{Display.Duration(Pace.SecondsToEvaluation)}</b>"), null);
            }
            var active = Run.SecondsActive(DateTimeOffset.UtcNow);
            if (active > 0) yield return (Fact($"elapsed {Display.Duration(active)}"), "lo");
            if (double.IsFinite(Pace.SecondsPerStep)) yield return (Fact($"{Display.Duration(Pace.SecondsPerStep)} a step"), "lo");
            var rate = Live.Metric(Metric.TokensPerSecond).MeanOfLast(RunPace.Window);
            if (double.IsFinite(rate)) yield return (Fact($"{Display.Number(rate, 0)} tokens/s"), "lo");
            var memory = Live.Metric(Metric.PeakMemory).Last;
            if (double.IsFinite(memory)) yield return (Fact($"{Display.Size(memory)} at the peak"), "lo");
            var gold = Run.Plan.Gold is { } folder ? $", gold {Names.OfPath(folder)}" : ", no gold";
            yield return (Fact($"policy {System.Net.WebUtility.HtmlEncode(Names.OfPath(Run.Plan.Policy) + gold)}"), "lo");
            if (Run.Reason is { Length: > 0 } reason && Run.State != RunState.Failed)
                yield return (Fact(System.Net.WebUtility.HtmlEncode(reason)), null);
        }
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_ending && Run.State != _endingFrom) _ending = _stopping = false;
    }

    private static MarkupString Fact(string html) => new(html);

    private static string PhaseName(string phase) =>
        phase switch { "load" => "loading", "evaluate" => "evaluating", _ => System.Net.WebUtility.HtmlEncode(phase) };

    private void Star() => Act(id => Store.SetStarred(id, !Run.Starred));

    private void Stop()
    {
        _stopping = false;
        Act(Coordinator.Stop);
    }

    private void BeginExtend()
    {
        _extending = !_extending;
        _steps = Display.Count(Run.Plan.Ppo.Steps * 2L);
    }

    private void Extend()
    {
        if (!int.TryParse(_steps, NumberStyles.Integer | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var steps))
        {
            _error = $"'{_steps}' is not a whole number of steps.";
            return;
        }
        Act(id => Coordinator.Extend(id, steps));
        if (_error is null) _extending = false;
    }

    private void Act(Action<string> action)
    {
        _error = null;
        try
        {
            var state = Run.State;
            action(Run.Id);
            Run = Store.Run(Run.Id) ?? Run;
            // The step in progress is finished first; until then the state has not changed.
            if (action == Coordinator.Pause || action == Coordinator.Stop) (_ending, _endingFrom) = (Run.State == state, state);
        }
        catch (Exception error) when (error is InvalidOperationException or PlanException or StoreException)
        {
            _error =
                error is PlanException plan ? string.Join(' ', plan.Errors.Select(e => $"{e.Value} {e.Message}".Trim())) : error.Message;
        }
    }
}
