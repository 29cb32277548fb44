namespace Rer.Engine.Runs.Export;

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
