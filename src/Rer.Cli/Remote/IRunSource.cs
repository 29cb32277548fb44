using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Export;

namespace Rer.Cli.Remote;

/// <summary>Where a command reads runs: a store on this machine, or a server's.</summary>
internal interface IRunSource : IDisposable
{
    /// <summary>The folder, or the address.</summary>
    string Name { get; }

    /// <summary>What names it on a command line: `--store DIR`.</summary>
    string Option { get; }

    /// <summary>The runs that a filter lets through, newest first.</summary>
    IReadOnlyList<RunRecord> Runs(RunFilter filter);

    /// <summary>A run by its id; null where there is none.</summary>
    RunRecord? Run(string id);

    /// <summary>A run's evaluations, by step.</summary>
    IReadOnlyList<EvaluationReport> Evaluations(string runId);

    /// <summary>What is or was amiss in a run.</summary>
    IReadOnlyList<RunAlert> Alerts(RunRecord run);

    /// <summary>A run in a form that other tools read.</summary>
    /// <exception cref="ArgumentException">There is no such checkpoint or sample.</exception>
    string Export(string runId, ExportFormat format, ExportTable table, int? step, int sample);
}
