using System.Globalization;
using System.Text.Json;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs.Events;
using Rer.Engine.Storage;

namespace Rer.Engine.Runs.Export;

/// <summary>Writes what a run found in forms that other tools read.</summary>
/// <param name="store">The store.</param>
/// <param name="runId">The run.</param>
public sealed class RunExport(IRunStore store, string runId)
{
    /// <summary>Writes what a format and, for CSV, a table's name ask for.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="format">The format.</param>
    /// <param name="table">The table that <see cref="ExportFormat.Csv"/> writes.</param>
    /// <param name="step">Rollouts of this checkpoint only; AlpacaEval's file takes the last where it is null.</param>
    /// <param name="sample">Which of the k responses AlpacaEval's file has.</param>
    /// <exception cref="ArgumentException">There is no such checkpoint or sample.</exception>
    public void Write(TextWriter output, ExportFormat format, ExportTable table = ExportTable.Evaluations, int? step = null, int sample = 0)
    {
        switch (format, table)
        {
            case (ExportFormat.Json, _): WriteJson(output); break;
            case (ExportFormat.AlpacaEval, _): WriteAlpacaEval(output, step, sample); break;
            case (_, ExportTable.Metrics): WriteMetrics(output); break;
            case (_, ExportTable.Rollouts): WriteRollouts(output, step); break;
            default: WriteEvaluations(output); break;
        }
    }

    /// <summary>
    /// Evaluations as CSV, one per line. `_z` are z-scores over the run's checkpoints; a query type's columns begin with `OE_` or
    /// `CE_`, metrics are written by <see cref="MetricColumn.Name"/>, the presets' proxies with `preset_`; `_cut` counts responses that
    /// a model read only in part.
    /// </summary>
    public void WriteEvaluations(TextWriter output)
    {
        var evaluations = store.Evaluations(runId);
        var types = evaluations.SelectMany(e => e.ByType.Keys).Distinct().Order().ToArray();
        var presets = evaluations.SelectMany(e => e.PresetProxies.Keys).Distinct().ToArray();
        var metrics = EvaluationMetrics.Known(evaluations);
        var overall = metrics.Where(column => column.Type is null).ToArray();
        var (proxyZ, goldZ) = (ZScores(e => e.Proxy.Mean), ZScores(e => e.Gold.Mean));
        Row(
            output,
            [
                "step", "proxy", "proxy_low", "proxy_high", "proxy_z", "gold", "gold_low", "gold_high", "gold_z",
                .. types.SelectMany(t => (string[])
                    [$"{t.ShortCode()}_proxy", $"{t.ShortCode()}_gold", .. Of(t).Select(column => column.Name)]),
                .. overall.Select(column => column.Name), "seconds", .. presets.Select(p => "preset_" + p),
                "gold_cut", "relevance_cut", .. types.Select(t => t.ShortCode())
                    .SelectMany(t => new[] { $"{t}_gold_cut", $"{t}_relevance_cut" }),
            ]);
        for (var i = 0; i < evaluations.Count; i++)
        {
            var e = evaluations[i];
            Row(
                output,
                [
                    e.Step, e.Proxy.Mean, e.Proxy.Low, e.Proxy.High, proxyZ[i], e.Gold.Mean, e.Gold.Low, e.Gold.High, goldZ[i],
                    .. types.SelectMany(t => (object?[])
                    [
                        e.ByType.GetValueOrDefault(t)?.Proxy.Mean, e.ByType.GetValueOrDefault(t)?.Gold.Mean,
                        .. Of(t).Select(column => (object?)column.Of(e)),
                    ]),
                    .. overall.Select(column => (object?)column.Of(e)), e.Seconds,
                    .. presets.Select(p => (object?)Known(e.PresetProxies, p)),
                    e.Cuts?.All.Gold, e.Cuts?.All.Relevance,
                    .. types.Select(t => e.Cuts?.ByType.GetValueOrDefault(t)).SelectMany(c => new object?[] { c?.Gold, c?.Relevance }),
                ]);
        }

        IEnumerable<MetricColumn> Of(QueryType type) => metrics.Where(column => column.Type == type);

        double[] ZScores(Func<EvaluationReport, double> series) => Normalisation.ZScore([.. evaluations.Select(series)]);
    }

    /// <summary>Metrics as CSV, one step a line, none left out.</summary>
    public void WriteMetrics(TextWriter output)
    {
        var series = store.Metrics(runId, store.MetricNames(runId), int.MaxValue);
        Row(output, ["step", .. series.Select(s => s.Name)]);
        for (var i = 0; i < (series.Count == 0 ? 0 : series[0].Steps.Length); i++)
            Row(output, [series[0].Steps[i], .. series.Select(s => (object?)s.Values[i])]);
    }

    /// <summary>Rollouts as CSV, one per line.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="step">The checkpoint; null writes all.</param>
    public void WriteRollouts(TextWriter output, int? step)
    {
        string[]? features = null;
        foreach (var (rollout, _, _) in Rollouts(step, sample: null))
        {
            if (features is null)
            {
                features = [.. rollout.Features.Keys.Order()];
                Row(
                    output,
                    [
                        "step", "item", "sample", "qtype", "query", "reference", "response", "proxy", "gold", "tokens", "eos",
                        .. features, .. features.Select(f => "factor_" + f),
                    ]);
            }

            var r = rollout;
            Row(
                output,
                [
                    r.Step, r.Item, r.Sample, r.QueryType?.Code(), r.Query, r.Reference, r.Response, r.Proxy, r.Gold, r.Tokens,
                    r.EndedWithEos ? 1 : 0,
                    .. features.Select(f => (object?)Known(r.Features, f)), .. features.Select(f => (object?)Known(r.Factors, f)),
                ]);
        }
    }

    /// <summary>The run, its evaluations and every metric as one JSON object.</summary>
    public void WriteJson(TextWriter output) => output.Write(JsonSerializer.Serialize(
        new
        {
            Run = store.Run(runId),
            Evaluations = store.Evaluations(runId),
            Metrics = store.Metrics(runId, store.MetricNames(runId), int.MaxValue),
        },
        RunJson.Indented) + "\n");

    /// <summary>One checkpoint's responses as AlpacaEval's model outputs.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="step">The checkpoint; null takes the last.</param>
    /// <param name="sample">Which of the k responses.</param>
    /// <exception cref="ArgumentException">There is no such checkpoint or sample; the message lists those there are.</exception>
    public void WriteAlpacaEval(TextWriter output, int? step, int sample)
    {
        var steps = store.Evaluations(runId).Select(e => e.Step).ToArray();
        if (steps.Length == 0) throw new ArgumentException($"{runId}: no checkpoint has been evaluated yet.");
        var wanted = step ?? steps[^1];
        var rows = Rollouts(wanted, sample)
            .Select(
                r => new
                {
                    instruction = r.Rollout.Query,
                    output = r.Rollout.Response,
                    generator = $"{runId}-step{wanted}",
                    dataset = r.Rollout.Dataset ?? ""
                })
            .ToArray();
        if (rows.Length == 0)
            throw new ArgumentException(
                $"{runId}: no rollouts of step {wanted}, sample {sample}. Evaluated steps: {string.Join(", ", steps)}.");
        output.Write(JsonSerializer.Serialize(rows, RunJson.Indented) + "\n");
    }

    private IEnumerable<RankedRollout> Rollouts(int? step, int? sample)
    {
        var query = new RolloutQuery { RunId = runId, Step = step, Sample = sample, Limit = RolloutQuery.MaxLimit };
        while (true)
        {
            var page = store.Rollouts(query);
            foreach (var row in page.Rows) yield return row;
            query = query with { Offset = query.Offset + page.Rows.Count };
            if (page.Rows.Count == 0 || query.Offset >= page.Total) yield break;
        }
    }

    private static double? Known(IReadOnlyDictionary<string, double> values, string name) =>
        values.TryGetValue(name, out var value) ? value : null;

    /// <summary>RFC 4180: a cell with a comma, a quote or a line break is quoted; what is not defined is empty.</summary>
    private static void Row(TextWriter output, IEnumerable<object?> cells) => output.Write(string.Join(',', cells.Select(Cell)) + "\n");

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null or double.NaN => "",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }
}

/// <summary>Forms a run is exported in.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated values with a line of headings.</summary>
    Csv,

    /// <summary>The run, its evaluations and metrics as one JSON object.</summary>
    Json,

    /// <summary>AlpacaEval's model outputs: `instruction, output, generator, dataset`.</summary>
    AlpacaEval,
}

/// <summary>Tables of a run that are written as CSV.</summary>
public enum ExportTable
{
    /// <summary>One evaluation per line.</summary>
    Evaluations,

    /// <summary>One step a line.</summary>
    Metrics,

    /// <summary>One response a line.</summary>
    Rollouts,
}
