using System.Diagnostics.CodeAnalysis;

namespace Rer.Engine.Data.Prompts;

/// <summary>The codes by which files, designs and metrics write a <see cref="QueryType"/>.</summary>
public static class QueryTypes
{
    /// <summary>Every query type, in the order tables show them.</summary>
    public static IReadOnlyList<QueryType> All { get; } = [QueryType.OpenEnded, QueryType.ClosedEnded];

    /// <summary>The code of data files: `OPENENDED` or `CONSTRAINED`.</summary>
    public static string Code(this QueryType type) => type switch
    {
        QueryType.OpenEnded => "OPENENDED",
        QueryType.ClosedEnded => "CONSTRAINED",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a query type."),
    };

    /// <summary>The short code of design texts and metric names: `OE` or `CE`.</summary>
    public static string ShortCode(this QueryType type) => type switch
    {
        QueryType.OpenEnded => "OE",
        QueryType.ClosedEnded => "CE",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a query type."),
    };

    /// <summary>The name people read: `open-ended` or `closed-ended`.</summary>
    public static string Title(this QueryType type) => type switch
    {
        QueryType.OpenEnded => "open-ended",
        QueryType.ClosedEnded => "closed-ended",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a query type."),
    };

    /// <summary>Reads a code of data files. Codes are written exactly so: other tools that read the same file tell them by case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? code, out QueryType type)
    {
        type = code == "CONSTRAINED" ? QueryType.ClosedEnded : QueryType.OpenEnded;
        return code is "OPENENDED" or "CONSTRAINED";
    }

    /// <summary>Reads a code of data files.</summary>
    /// <exception cref="FormatException">The code is not known; the message names it and the two that are.</exception>
    public static QueryType Parse(string code) =>
        TryParse(code, out var type) ? type : throw new FormatException($"query type '{code}' is not known. Use OPENENDED or CONSTRAINED.");
}
