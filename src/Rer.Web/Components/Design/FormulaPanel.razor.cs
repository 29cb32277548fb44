using Microsoft.AspNetCore.Components;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Web.Formatting;

namespace Rer.Web.Components.Design;

/// <summary>A design in both notations: the text, which can be edited, and the formula.</summary>
public sealed partial class FormulaPanel
{
    private string _text = "";
    private string? _error;
    private RewardDesign? _shown;

    /// <summary>The design.</summary>
    [Parameter, EditorRequired] public RewardDesign Design { get; set; } = default!;

    /// <summary>Features of the user's own that may occur in it.</summary>
    [Parameter] public IReadOnlyList<FeatureDefinition> Own { get; set; } = [];

    /// <summary>The text was edited to another design.</summary>
    [Parameter] public EventCallback<RewardDesign> DesignChanged { get; set; }

    /// <summary>The relevance that counts as full; NaN while it is not known.</summary>
    [Parameter] public double Ceiling { get; set; }

    /// <summary>Maximum tokens per response.</summary>
    [Parameter] public int MaxResponseTokens { get; set; }

    private string Spoken => Design.Branching
        ? $"r of x and y is {Words(QueryType.OpenEnded)} if x is open-ended; {Words(QueryType.ClosedEnded)} if x is closed-ended"
        : $"r of x and y is {Words(null)}";

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        // While a text is typed, only a change from elsewhere replaces it: the grid, a preset, the browser's history.
        if (_shown == Design) return;
        var typed = RewardDesign.TryParse(_text, Own, out var parsed, out _) && parsed == Design;
        _shown = Design;
        _error = null;
        if (!typed) _text = Design.Text;
    }

    private async Task Type(ChangeEventArgs e)
    {
        _text = e.Value?.ToString() ?? "";
        if (RewardDesign.TryParse(_text, Own, out var design, out var error))
        {
            _error = null;
            _shown = design;
            await DesignChanged.InvokeAsync(design);
        }
        else
        {
            _error = error;
        }
    }

    private RenderFragment Product(QueryType? type) => __builder =>
    {
        var row = Design.Row(type);
        if (row.Count == 0) __builder.AddContent(0, "1");
        for (var i = 0; i < row.Count; i++)
        {
            if (i > 0) __builder.AddContent(1, " · ");
            __builder.AddContent(2, Factor(row[i]));
        }
    };

    private RenderFragment Factor(string symbol) => __builder =>
    {
        if (RewardFeatures.Find(symbol) is { TakesCeiling: true })
        {
            var ceiling = Design.ReferenceCeiling ?? Ceiling;
            __builder.AddContent(0, "lerp");
            __builder.OpenElement(1, "sub");
            // Until the relevance model has said what counts as full, its letter stands for it.
            __builder.AddContent(2,
                $"0..{(double.IsFinite(ceiling) ? Display.Plain(ceiling) : "c")} → 0..{Display.Plain(MaxResponseTokens / 100.0)}");
            __builder.CloseElement();
            __builder.AddContent(3, " ");
        }
        __builder.AddContent(4, symbol);
        __builder.AddMarkupContent(5, Arguments(symbol));
    };

    private string Words(QueryType? type) => Design.Row(type) is { Count: > 0 } row
        ? string.Join(" times ", row.Select(s => RewardFeatures.Find(s) is { TakesCeiling: true } ? $"the interpolated {s}" : s))
        : "1";

    // Query, response and reference, as far as the feature reads them.
    private string Arguments(string symbol)
    {
        var reads = Design.CustomFeatures.FirstOrDefault(feature => feature.Symbol == symbol)?.Reads
            ?? RewardFeatures.Find(symbol)?.Reads ?? FeatureNeeds.None;
        var (query, reference) =
            (reads.HasFlag(FeatureNeeds.Query) ? "<i>x</i>, " : "", reads.HasFlag(FeatureNeeds.Reference) ? ", <i>y</i>*" : "");
        return $"({query}<i>y</i>{reference})";
    }
}
