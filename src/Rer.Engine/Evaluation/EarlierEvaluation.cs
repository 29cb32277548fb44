using System.Text.Json.Serialization.Metadata;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Evaluation;

/// <summary>
/// Reads evaluations of earlier versions, which had three metrics and each in a field of its own: `lengthMean` and `endedWithEos` of the
/// evaluation, `selfBleu` of every query type. Stores, studies and other servers still have such.
/// </summary>
internal static class EarlierEvaluation
{
    /// <summary>Lets the JSON contract of an evaluation take the fields too; they are never written.</summary>
    public static void Read(JsonTypeInfo contract)
    {
        if (contract.Type == typeof(EvaluationReport))
        {
            Add("lengthMean", (report, value) => Metrics(report)["length_mean"] = value);
            Add("endedWithEos", (report, value) => Metrics(report)["eos_share"] = value);
            contract.OnDeserialized = report => MoveUp((EvaluationReport)report);
        }
        else if (contract.Type == typeof(TypeScores))
        {
            Add("selfBleu", (scores, value) => ((TypeScores)scores).Earlier = value);
        }

        void Add(string field, Action<object, double> set)
        {
            var property = contract.CreateJsonPropertyInfo(typeof(double), field);
            property.Set = (target, value) => set(target, (double)value!);
            contract.Properties.Add(property);
        }
    }

    private static void MoveUp(EvaluationReport report)
    {
        foreach (var (type, scores) in report.ByType)
        {
            if (scores.Earlier is { } value) Metrics(report)[$"{type.ShortCode()}_self_bleu"] = value;
            scores.Earlier = null;
        }
    }

    // What JSON is read into is always a dictionary of the report's own.
    private static Dictionary<string, double> Metrics(object report) => (Dictionary<string, double>)((EvaluationReport)report).Metrics;
}
