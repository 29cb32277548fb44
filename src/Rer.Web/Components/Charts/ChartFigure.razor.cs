using Microsoft.AspNetCore.Components;
using Rer.Web.Charts;

namespace Rer.Web.Components.Charts;

/// <summary>A chart in its panel: heading, exports, caption, and its numbers as a table.</summary>
public sealed partial class ChartFigure
{
    private Plot? _plot;
    private bool _open;

    [Inject] private ChartModule Module { get; set; } = default!;

    /// <summary>Heading.</summary>
    [Parameter, EditorRequired] public RenderFragment Title { get; set; } = default!;

    /// <summary>Identifies the figure on the page.</summary>
    [Parameter, EditorRequired] public string Name { get; set; } = "";

    /// <summary>What is drawn.</summary>
    [Parameter, EditorRequired] public ChartSpec Spec { get; set; } = default!;

    /// <summary>Its numbers.</summary>
    [Parameter, EditorRequired] public NumbersTable Numbers { get; set; } = default!;

    /// <summary>How many, sampled how, which interval.</summary>
    [Parameter, EditorRequired] public RenderFragment Caption { get; set; } = default!;

    /// <summary>Name of saved files, without extension.</summary>
    [Parameter, EditorRequired] public string FileName { get; set; } = "";

    /// <summary>Stands beside the heading.</summary>
    [Parameter] public RenderFragment? Beside { get; set; }

    /// <summary>Switches before the exports.</summary>
    [Parameter] public RenderFragment? Controls { get; set; }

    /// <summary>Stands right of the plot.</summary>
    [Parameter] public RenderFragment? Around { get; set; }

    /// <summary>Further classes of the panel.</summary>
    [Parameter] public string? Class { get; set; }

    private async Task Save(string format)
    {
        if (_plot is not null) await _plot.Save(format, FileName);
    }

    private async Task SaveCsv() => await Module.SaveText(Numbers.ToCsv(), FileName + ".csv", "text/csv");
}
