using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Input;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Playground.Study;

/// <summary>One run of a study: its plan and every evaluation, as kept under `study/`.</summary>
/// <param name="Design">Title of the design.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="PlanHash">Hash of the plan.</param>
/// <param name="Materials">Hash of the policy and data that the plan names.</param>
/// <param name="Judge">Hash of the gold model that it names.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Seconds">Wall-clock seconds the run took.</param>
/// <param name="Evaluations">Evaluations by step, the first at step 0.</param>
public sealed record StudyRun(
    string Design, int Seed, string PlanHash, string Materials, string Judge, RunPlan Plan, double Seconds,
    IReadOnlyList<EvaluationReport> Evaluations)
{
    private const int Digits = 5;

    /// <summary>The verdict on the run.</summary>
    [JsonIgnore]
    public MonotonicityReport Monotonicity => Evaluation.Statistics.Monotonicity.Assess(Evaluations);

    /// <summary>Mean gold reward at every evaluation.</summary>
    [JsonIgnore]
    public double[] Gold => [.. Evaluations.Select(evaluation => evaluation.Gold.Mean)];

    /// <summary>Mean gold reward of one query type at every evaluation.</summary>
    public double[] GoldOf(QueryType type) => [.. Evaluations.Select(evaluation => evaluation.ByType[type].Gold.Mean)];

    /// <summary>A metric at every evaluation; NaN where one does not have it.</summary>
    public double[] Of(MetricColumn column) => [.. Evaluations.Select(column.Of)];

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It holds no run; the message names the file.</exception>
    public static StudyRun Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StudyRun>(InputFile.ReadAllBytes(path), RunJson.Compact)
                ?? throw new InvalidDataException($"{path}: holds no run.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: holds no run: {error.Message}", error);
        }
    }

    /// <summary>Writes the run as JSON, the queries' own figures to five decimals.</summary>
    public void Write(string path)
    {
        var rounded = this with
        {
            Evaluations = [.. Evaluations.Select(evaluation => evaluation with
        {
            ProxyByQuery = Rounded(evaluation.ProxyByQuery),
            GoldByQuery = Rounded(evaluation.GoldByQuery),
        })]
        };
        File.WriteAllText(path, JsonSerializer.Serialize(rounded, RunJson.Compact) + "\n");
    }

    private static double[] Rounded(double[] values) => Array.ConvertAll(values, value => Math.Round(value, Digits));
}
