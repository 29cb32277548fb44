using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Rer.Web.Charts;

/// <summary>The browser's chart module, imported once a circuit.</summary>
public sealed class ChartModule(IJSRuntime browser) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Draws a chart into an element, or replaces what stands there.</summary>
    public ValueTask Draw(ElementReference element, ChartSpec spec) => Call("update", element, ChartJson.Write(spec));

    /// <summary>Takes a chart down.</summary>
    public ValueTask Dispose(ElementReference element) => Call("dispose", element);

    /// <summary>Saves a chart as `png` or `svg`, in the light theme.</summary>
    /// <param name="element">Where it is drawn.</param>
    /// <param name="format">`png` or `svg`.</param>
    /// <param name="name">The file's name, without extension.</param>
    /// <param name="head">Stands above it; null where the chart names its series itself.</param>
    public ValueTask Save(ElementReference element, string format, string name, FigureHead? head = null) =>
        Call("save", element, format, name, head);

    /// <summary>Saves several charts as one figure, a grid, in the light theme.</summary>
    /// <param name="selector">Finds the charts, row by row.</param>
    /// <param name="columns">Charts in a row.</param>
    /// <param name="format">`png` or `svg`.</param>
    /// <param name="name">The file's name, without extension.</param>
    /// <param name="titles">A title for every column, or one for every chart.</param>
    /// <param name="rows">What stands left of each row; null leaves no room for it.</param>
    public ValueTask SaveGrid(string selector, int columns, string format, string name, string[] titles, FigureHead[]? rows = null) =>
        Call("saveGrid", selector, columns, format, name, titles, rows);

    /// <summary>Saves an SVG drawing as `png` or `svg`.</summary>
    public ValueTask SaveDrawing(string svg, string format, string name) => Call("saveDrawing", svg, format, name);

    /// <summary>Saves a text as a file.</summary>
    public ValueTask SaveText(string text, string name, string type) => Call("saveText", text, name, type);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_module is null) return;
        try
        {
            await (await _module).DisposeAsync();
        }
        catch (Exception error) when (Gone(error))
        {
            // The page is gone and took the module along.
        }
    }

    private async ValueTask Call(string name, params object?[] arguments)
    {
        try
        {
            var module = await (_module ??= browser.InvokeAsync<IJSObjectReference>("import", "/js/charts.js").AsTask());
            await module.InvokeVoidAsync(name, arguments);
        }
        catch (Exception error) when (Gone(error))
        {
            // Nobody is left to draw for.
        }
    }

    private static bool Gone(Exception error) => error is JSDisconnectedException or OperationCanceledException or ObjectDisposedException;
}
