using Microsoft.AspNetCore.Components;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Storage;
using Rer.Web.Rollouts;

namespace Rer.Web.Components.Rollouts;

/// <summary>One query: its responses at several checkpoints side by side, and how each was scored.</summary>
public sealed partial class RolloutDetail
{
    private static readonly (DiffBase, string)[] DiffOptions =
        [(DiffBase.Previous, "Diff to previous"), (DiffBase.First, "to first"), (DiffBase.Off, "off")];

    private int[] _steps = [];
    private SortedSet<int> _shown = [];
    private RankedRollout[] _shownAnswers = [];
    private EvaluationSample[] _texts = [];

    /// <summary>The run.</summary>
    [Parameter, EditorRequired] public RunRecord Run { get; set; } = default!;

    /// <summary>Every response to the query, of every checkpoint.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<RankedRollout> Answers { get; set; } = [];

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired] public RolloutState State { get; set; } = default!;

    /// <summary>The checkpoint of the list.</summary>
    [Parameter] public int Step { get; set; }

    /// <summary>Responses ranked together at a checkpoint.</summary>
    [Parameter] public int Ranked { get; set; }

    /// <summary>Step of the highest gold.</summary>
    [Parameter] public int? Peak { get; set; }

    /// <summary>Responses a query.</summary>
    [Parameter] public int Samples { get; set; }

    /// <summary>Changes a part of the address.</summary>
    [Parameter] public Action<string, string?> Change { get; set; } = (_, _) => { };

    private EvaluationSample First => Answers[0].Rollout;

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        _steps = [.. Answers.Select(a => a.Rollout.Step).Distinct().Order()];
        var chosen = State.Shown is { Count: > 0 } given ? given : [_steps[0], Peak ?? _steps[0], Step];
        _shown = [.. chosen.Intersect(_steps)];
        _shownAnswers =
            [.. Answers.Where(a => a.Rollout.Sample == State.Sample && _shown.Contains(a.Rollout.Step)).OrderBy(a => a.Rollout.Step)];
        _texts = [.. _shownAnswers.Select(a => a.Rollout)];
    }

    private IReadOnlyList<(int, string)> SampleOptions => [.. Enumerable.Range(0, Samples).Select(k => (k, $"{k + 1}"))];

    private static RenderFragment Part(DiffPart part) => builder =>
    {
        if (part.Kind == DiffKind.Kept)
        {
            builder.AddContent(0, part.Text);
            return;
        }
        builder.OpenElement(1, part.Kind == DiffKind.Added ? "ins" : "del");
        builder.AddContent(2, part.Text.TrimEnd());
        builder.CloseElement();
        builder.AddContent(3, " ");
    };

    private IReadOnlyList<DiffPart> Parts(EvaluationSample text)
    {
        var at = Array.IndexOf(_texts, text);
        if (State.Diff == DiffBase.Off || at == 0) return [new DiffPart(DiffKind.Kept, text.Response)];
        return TextDiff.Words(_texts[State.Diff == DiffBase.First ? 0 : at - 1].Response, text.Response);
    }

    private void Toggle(int step, bool on)
    {
        var shown = on ? _shown.Append(step) : _shown.Where(s => s != step);
        Change("show", string.Join(',', shown.Order()));
    }
}
