using Microsoft.AspNetCore.Components;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Web.Reading;

namespace Rer.Web.Components.Rollouts;

/// <summary>One query: its responses at several checkpoints side by side, and how each was scored.</summary>
public sealed partial class RolloutDetail
{
    private static readonly (DiffBase, string)[] DiffOptions = [(DiffBase.Previous, "Diff to previous"), (DiffBase.First, "to first"), (DiffBase.Off, "off")];

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

    private Rollout First => Answers[0].Rollout;

    private int[] Steps => [.. Answers.Select(a => a.Rollout.Step).Distinct().Order()];

    private int[] Shown => State.Shown is { Count: > 0 } chosen
        ? [.. chosen.Intersect(Steps).Order()]
        : [.. new[] { Steps[0], Peak ?? Steps[0], Step }.Intersect(Steps).Distinct().Order()];

    private IReadOnlyList<RankedRollout> ShownAnswers => [.. Answers.Where(a => a.Rollout.Sample == State.Sample && Shown.Contains(a.Rollout.Step)).OrderBy(a => a.Rollout.Step)];

    private IReadOnlyList<Rollout> Texts => [.. ShownAnswers.Select(a => a.Rollout)];

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

    private IReadOnlyList<DiffPart> Parts(Rollout text)
    {
        var at = Texts.ToList().IndexOf(text);
        if (State.Diff == DiffBase.Off || at == 0) return [new DiffPart(DiffKind.Kept, text.Response)];
        return TextDiff.Words(Texts[State.Diff == DiffBase.First ? 0 : at - 1].Response, text.Response);
    }

    private void Toggle(int step, bool on)
    {
        var shown = on ? Shown.Append(step) : Shown.Where(s => s != step);
        Change("show", string.Join(',', shown.Order()));
    }
}
