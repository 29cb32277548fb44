namespace Rer.Web.Lab;

/// <summary>All that the lab shows, as its address holds it.</summary>
public sealed record LabState
{
    /// <summary>Longest text that is taken, in characters; addresses and messages between page and server have to carry it.</summary>
    public const int LongestText = 8000;

    /// <summary>`one` text, `two` responses, or `pairs`.</summary>
    public string Mode { get; init; } = "one";

    /// <summary>Run whose plan the lab begins with; null takes the starting plan.</summary>
    public string? From { get; init; }

    /// <summary>Gold model in place of the plan's; `none` for none, null for the plan's own.</summary>
    public string? Gold { get; init; }

    /// <summary>Text of the design in place of the plan's; null for the plan's own.</summary>
    public string? Design { get; init; }

    /// <summary>Whether the query is closed-ended.</summary>
    public bool ClosedEnded { get; init; }

    /// <summary>The query.</summary>
    public string Query { get; init; } = "";

    /// <summary>The response, or the first of two.</summary>
    public string A { get; init; } = "";

    /// <summary>The second response.</summary>
    public string B { get; init; } = "";

    /// <summary>A known good answer.</summary>
    public string Reference { get; init; } = "";

    /// <summary>File of pairs; null for the one that ships.</summary>
    public string? Pairs { get; init; }

    /// <summary>Whether the texts have been scored: a link shows what it was copied from.</summary>
    public bool Scored { get; init; }

    /// <summary>Whether the pairs have been.</summary>
    public bool Benched { get; init; }

    /// <summary>Reads an address.</summary>
    /// <param name="parameter">A parameter of it; null where it has none of that name.</param>
    public static LabState Of(Func<string, string?> parameter) => new()
    {
        Mode = parameter("mode") is ("two" or "pairs") and var mode ? mode : "one",
        From = parameter("from"),
        Gold = parameter("gold"),
        Design = parameter("design"),
        ClosedEnded = parameter("type") == "ce",
        Query = Text(parameter("q")),
        A = Text(parameter("a")),
        B = Text(parameter("b")),
        Reference = Text(parameter("ref")),
        Pairs = parameter("pairs"),
        Scored = parameter("a") is not null,
        Benched = parameter("scored") is not null,
    };

    /// <summary>The parameters of its address; null leaves one out.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["mode"] = Mode == "one" ? null : Mode,
        ["from"] = From,
        ["gold"] = Gold,
        ["design"] = Design,
        ["type"] = ClosedEnded ? "ce" : null,
        // Texts that were not scored are the example that the page offers, or half typed.
        ["q"] = Given(Query),
        ["a"] = Given(A),
        ["b"] = Given(B),
        ["ref"] = Given(Reference),
        ["pairs"] = Pairs,
        ["scored"] = Benched ? true : null,
    };

    private static string Text(string? text) => text is null ? "" : text[..Math.Min(text.Length, LongestText)];

    private string? Given(string text) => Scored && text.Length > 0 ? text : null;
}
