using System.Globalization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;

namespace Rer.Web.RunList;

/// <summary>The list of runs as CSV.</summary>
public static class RunCsv
{
    private const string Header =
        "id,design,seed,state,policy,data,gold,step,rho,p,tau,verdict,gold_start,gold_best,gold_final,seconds,launched,tags,note,group";

    // Their values stand in columns of the header's own.
    private static readonly string[] Columns = ["design", "policy", "data", "gold"];

    /// <summary>
    /// RFC 4180, full precision, an empty field where there is no value. `group` is the same for runs that differ in the seed alone; a
    /// column by its option's name follows for each option on which these runs differ and which has no column of its own.
    /// </summary>
    public static string Write(IReadOnlyList<RunSummary> runs)
    {
        var axes = PlanAxis.Of(runs.Select(run => run.Run.Plan)).Where(axis => !Columns.Contains(axis.Name)).ToArray();
        // One text may stand for two designs, where a feature of the user's own was defined anew.
        var ambiguous = runs.GroupBy(run => run.Run.DesignText).Where(same => same.DistinctBy(run => run.Run.DesignHash).Count() > 1)
            .Select(same => same.Key).ToHashSet();
        string Design(RunRecord run) => ambiguous.Contains(run.DesignText) ? $"{run.DesignText} ({run.DesignHash})" : run.DesignText;
        return string.Join("\r\n", runs.Select(run => Row(run, Design(run.Run), axes))
            .Prepend(string.Join(',', [Header, .. axes.Select(axis => axis.Name)]))) + "\r\n";
    }

    private static string Row(RunSummary row, string design, IEnumerable<PlanAxis> axes)
    {
        var (run, found) = (row.Run, row.Found);
        return string.Join(',', new[]
        {
            run.Id, design, Text(run.Plan.Seed), run.State.ToString(), run.Plan.Policy, run.Plan.Data, run.Plan.Gold ?? "", Text(run.Step),
            Text(found?.Raw.Rho), Text(found?.Raw.DecisivePValue), Text(found?.Raw.Tau), found?.Verdict.Title() ?? "", Text(row.GoldStart),
            Text(row.GoldBest),
            Text(row.GoldFinal), Text(row.Seconds), run.Created.ToString("O", CultureInfo.InvariantCulture), string.Join(' ', run.Tags),
            run.Note,
            run.GroupHash,
        }.Concat(axes.Select(axis => axis.Option.Text(run.Plan))).Select(Quote));
    }

    private static string Text(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
