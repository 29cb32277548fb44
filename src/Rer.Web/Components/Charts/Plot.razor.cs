using Microsoft.AspNetCore.Components;
using Rer.Web.Charts;

namespace Rer.Web.Components.Charts;

/// <summary>One plotly chart: an element and the chart that is drawn into it.</summary>
public sealed partial class Plot
{
    private ElementReference _element;
    private ChartSpec? _drawn;

    /// <summary>What to draw; a new instance is a redraw.</summary>
    [Parameter, EditorRequired] public ChartSpec Spec { get; set; } = default!;

    /// <summary>Further classes of the element; they give the height.</summary>
    [Parameter] public string? Class { get; set; }

    /// <summary>Saves the chart as `png` or `svg`.</summary>
    /// <param name="format">`png` or `svg`.</param>
    /// <param name="name">The file's name, without extension.</param>
    /// <param name="head">Stands above it; null where the chart names its series itself.</param>
    public ValueTask Save(string format, string name, FigureHead? head = null) => Charts.Save(_element, format, name, head);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_drawn is not null) await Charts.Dispose(_element);
    }

    /// <inheritdoc />
    protected override bool ShouldRender() => false;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        // The element never changes after the first render, so a new chart goes straight to the browser.
        if (_drawn is null || ReferenceEquals(_drawn, Spec)) return;
        _drawn = Spec;
        await Charts.Draw(_element, Spec);
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        _drawn = Spec;
        await Charts.Draw(_element, Spec);
    }
}
