using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Export;
using Rer.Engine.Storage;

namespace Rer.Cli.Remote;

/// <summary>The runs of a store on this machine.</summary>
internal sealed class StoredRuns(IRunStore store) : IRunSource
{
    public string Name => store.Folder;

    public string Option => $"--store {store.Folder}";

    public IReadOnlyList<RunRecord> Runs(RunFilter filter) => store.Runs(filter);

    public RunRecord? Run(string id) => store.Run(id);

    public IReadOnlyList<EvaluationReport> Evaluations(string runId) => store.Evaluations(runId);

    public IReadOnlyList<RunAlert> Alerts(RunRecord run) => RunAlerts.Find(store, run);

    public string Export(string runId, ExportFormat format, ExportTable table, int? step, int sample)
    {
        using var content = new StringWriter { NewLine = "\n" };
        new RunExport(store, runId).Write(content, format, table, step, sample);
        return content.ToString();
    }

    public void Dispose() => store.Dispose();
}
