using System.Globalization;
using Rer.Engine.Evaluation;

namespace Rer.Web.Listing;

/// <summary>The list of runs as CSV.</summary>
public static class RunCsv
{
    private const string Header = "id,design,seed,state,policy,data,gold,step,rho,p,tau,verdict,gold_start,gold_best,gold_final,seconds,launched,tags,note";

    /// <summary>RFC 4180, full precision, an empty field where there is no value.</summary>
    public static string Write(IEnumerable<RunSummary> runs) =>
        string.Join("\r\n", runs.Select(Row).Prepend(Header)) + "\r\n";

    private static string Row(RunSummary row)
    {
        var (run, found) = (row.Run, row.Found);
        return string.Join(',', new[]
        {
            run.Id, run.DesignText, Text(run.Plan.Seed), run.State.ToString(), run.Plan.Policy, run.Plan.Data, run.Plan.Gold ?? "", Text(run.Step),
            Text(found?.Raw.Rho), Text(found?.Raw.DecisivePValue), Text(found?.Raw.Tau), found?.Verdict.Title() ?? "", Text(row.GoldStart), Text(row.GoldBest),
            Text(row.GoldFinal), Text(row.Seconds), run.Created.ToString("O", CultureInfo.InvariantCulture), string.Join(' ', run.Tags), run.Note,
        }.Select(Quote));
    }

    private static string Text(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quote(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
