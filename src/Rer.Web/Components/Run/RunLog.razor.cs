using Microsoft.AspNetCore.Components;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Training;
using Rer.Web.Formatting;
using Rer.Web.Live;

namespace Rer.Web.Components.Run;

/// <summary>What happened, newest first.</summary>
public sealed partial class RunLog
{
    private const int Shown = 200;
    private bool _follow = true;
    private IReadOnlyList<Line> _lines = [];

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public LiveRun Live { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_follow || _lines.Count == 0) Read();
    }

    private static Line Write(RunEvent happened, LiveRun live)
    {
        var time = happened.At.ToLocalTime().ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        return happened switch
        {
            StepCompleted { Report: var r } => new Line(time, Display.Count(r.Step),
                $"step {Display.Duration(r[Metric.SecondsStep])}, reward {Display.Compact(r[Metric.ProxyMean])}, KL "
                    + $"{Display.Compact(r[Metric.Kl])}", null),
            EvaluationCompleted { Report: var r } => new Line(time, Display.Count(r.Step),
                $"evaluated {Display.Count(r.Proxy.Count)} × {live.Run!.Plan.Evaluation.Responses} in {Display.Duration(r.Seconds)}: proxy "
                    + $"{Display.Number(r.Proxy.Mean)}, gold {Display.Number(r.Gold.Mean)}", null),
            CheckpointSaved c => new Line(time, Display.Count(c.Step), "checkpoint saved", null),
            StateChanged { State: var state, Reason: var reason } =>
                new Line(time, "", Names.Of(state) + (reason is null ? "" : $": {reason}"), state == RunState.Failed ? "e" : null),
            LogWritten l => new Line(time, Display.Count(l.Step), l.Text, l.Level switch { "error" => "e", "warning" => "w", _ => null }),
            Rewound r =>
                new Line(time, Display.Count(r.Step), $"goes on from the checkpoint at step {Display.Count(Math.Max(0, r.Step))}", null),
            AlertNoted { Change: var a } =>
                new Line(time, Display.Count(a.Step), a.Text, !a.Opened ? null : a.Kind == RunAlertKind.ProxyUpGoldDown ? "e" : "w"),
            _ => new Line(time, "", happened.GetType().Name, null),
        };
    }

    private void Read() => _lines = [.. Live.Log.TakeLast(Shown).Reverse().Select(e => Write(e, Live))];

    private void Toggle(ChangeEventArgs e)
    {
        _follow = e.Value is true;
        if (_follow) Read();
    }

    private sealed record Line(string Time, string Step, string Text, string? Class);
}
