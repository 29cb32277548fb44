namespace Rer.Engine.Runs;

/// <summary>Which runs to list; what is null or empty does not restrict.</summary>
public sealed record RunFilter
{
    /// <summary>Only these states.</summary>
    public IReadOnlyList<RunState> States { get; init; } = [];

    /// <summary>Only this design, by its hash.</summary>
    public string? DesignHash { get; init; }

    /// <summary>Only this sweep.</summary>
    public string? SweepId { get; init; }

    /// <summary>Only runs with this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Only starred runs.</summary>
    public bool StarredOnly { get; init; }

    /// <summary>Only runs whose id, design, policy, data, tags, note or sweep contains this; ASCII letters match in either case.</summary>
    public string? Text { get; init; }
}
