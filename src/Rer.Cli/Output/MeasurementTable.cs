using System.Globalization;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;

namespace Rer.Cli.Output;

/// <summary>What a run will take, as measured: with responses as they are now, and with every one at its limit.</summary>
internal static class MeasurementTable
{
    public static void Write(TextWriter output, RunEstimate estimate, PlanMeasurement measured)
    {
        var table = new TextTable("", "responses as now", "all at the limit") { WordColumns = 1 };
        table.Add("tokens per response", measured.ResponseTokens.ToString("F0", CultureInfo.InvariantCulture),
            $"{measured.MaxResponseTokens}");
        table.Add("a step", Seconds(measured.SecondsPerStep), Seconds(measured.LongestSecondsPerStep));
        table.Add("an evaluation", Seconds(measured.SecondsPerEvaluation), Seconds(measured.LongestSecondsPerEvaluation));
        table.Add($"{estimate.Steps} steps", Time(estimate.TrainingSeconds), Time(estimate.LongestTrainingSeconds));
        table.Add($"{estimate.Evaluations} evaluations", Time(estimate.EvaluationSeconds), Time(estimate.LongestEvaluationSeconds));
        table.Add("in all", Time(estimate.Seconds), Time(estimate.LongestSeconds));
        table.Write(output);
        if (measured.Disturbed)
            output.WriteLine(
                $"{PlanMeasurement.DisturbedNote} (waited {measured.Waited.ToString("P0", CultureInfo.InvariantCulture)} of the time)");
        output.WriteLine($"memory at the peak: {(estimate.Bytes / (1 << 20)).ToString("N0", CultureInfo.InvariantCulture)} MiB, estimated");
    }

    private static string Seconds(double seconds) => seconds.ToString(seconds < 10 ? "F2" : "F0", CultureInfo.InvariantCulture) + " s";

    private static string Time(double seconds) => Figures.Duration(TimeSpan.FromSeconds(seconds));
}
