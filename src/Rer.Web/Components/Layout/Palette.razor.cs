using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Web.Formatting;

namespace Rer.Web.Components.Layout;

/// <summary>Pages, runs and designs by a few letters of their names.</summary>
public sealed partial class Palette
{
    private const int Shown = 12;

    private static readonly Entry[] Pages =
    [
        new("Design a reward", "page", "/"), new("Runs", "page", "/runs"), new("Runs by sweep", "page", "/runs?group=sweep"),
        new("Runs, starred", "page", "/runs?starred=true"), new("Runs that failed", "page", "/runs?state=failed"),
        new("Compare", "page", "/compare"), new("Reward lab", "page", "/lab"), new("Two responses", "page", "/lab?mode=two"),
        new("Pair set", "page", "/lab?mode=pairs"),
        new("Library", "page", "/library"), new("Features of your own", "page", "/features"),
        new("HTTP interface, OpenAPI document", "page", "/api/openapi.json"),
    ];

    private ElementReference _input;
    private IReadOnlyList<Entry> _all = [];
    private IReadOnlyList<Entry> _found = [];
    private string _text = "";
    private int _at;
    private bool _open;
    private bool _focus;
    private bool _keep;

    [Inject] private IRunStore Store { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focus) return;
        _focus = false;
        await _input.FocusAsync();
    }

    private void Open()
    {
        var runs = Store.Runs();
        _all =
        [
            .. Pages,
            .. RewardDesign.Presets.Select(p => new Entry($"Design {p.Name}", "design", $"/?design={Uri.EscapeDataString(p.Design.Text)}")),
            .. Sweep.Of(runs).Select(s => new Entry($"Sweep {s.Name}", $"sweep, {Display.Plural(s.Runs.Count, "run")}", $"/sweeps/{s.Id}")),
            .. runs.SelectMany(r => new[]
            {
                new Entry($"{r.Plan.Design.Title} seed {r.Plan.Seed}", $"run, {Names.Of(r.State)}, {r.Id}", $"/runs/{r.Id}"),
                new Entry($"Rollouts of {r.Plan.Design.Title} seed {r.Plan.Seed}", r.Id, $"/runs/{r.Id}/rollouts"),
                new Entry($"New run like {r.Plan.Design.Title} seed {r.Plan.Seed}", r.Id, $"/?from={r.Id}"),
            }),
        ];
        (_open, _focus, _text, _at) = (true, true, "", 0);
        Find();
    }

    private void Close() => _open = false;

    private void Type(string? text)
    {
        _text = text ?? "";
        _at = 0;
        Find();
    }

    // Every word typed must occur, in any order; what is called so comes before what merely belongs to it.
    private void Find()
    {
        var words = _text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _found = [.. _all.Where(
            e => words.All(
                w => e.Title.Contains(w, StringComparison.OrdinalIgnoreCase) || e.Kind.Contains(w, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(e => words.Count(w => !e.Title.Contains(w, StringComparison.OrdinalIgnoreCase))).Take(Shown)];
    }

    private void Key(KeyboardEventArgs e)
    {
        _keep = e.Key is "ArrowDown" or "ArrowUp";
        switch (e.Key)
        {
            case "ArrowDown" when _at + 1 < _found.Count: _at++; break;
            case "ArrowUp" when _at > 0: _at--; break;
            case "Enter" when _found.Count > 0: Go(_found[_at]); break;
        }
    }

    private void Go(Entry entry)
    {
        _open = false;
        Navigation.NavigateTo(entry.Address, forceLoad: entry.Address.StartsWith("/api", StringComparison.Ordinal));
    }

    private sealed record Entry(string Title, string Kind, string Address);
}
