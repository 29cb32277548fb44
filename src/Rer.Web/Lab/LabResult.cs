namespace Rer.Web.Lab;

/// <summary>What every prefix of a response is worth, to the gold model and to a design.</summary>
public sealed record LabResult
{
    /// <summary>The words; every series below has a value for each, of the prefix that ends there.</summary>
    public required IReadOnlyList<LabWord> Words { get; init; }

    /// <summary>Gold of the prefix, scored as if it ended there; NaN without a gold model.</summary>
    public required double[] Gold { get; init; }

    /// <summary>The gold model's output at that position of the whole text, from one pass; NaN where it has none.</summary>
    public required double[] GoldByPosition { get; init; }

    /// <summary>The design's reward of the prefix; NaN where the design needs what the text has not.</summary>
    public required double[] Proxy { get; init; }

    /// <summary>Raw value of every feature that is known, by symbol.</summary>
    public required IReadOnlyDictionary<string, double[]> Features { get; init; }

    /// <summary>Whether the gold model read the whole response only in part; null where there is none or a server does not say.</summary>
    public bool? GoldCut { get; init; }

    /// <summary>Whether the relevance model read the whole response, its query or its reference only in part.</summary>
    public bool RelevanceCut { get; init; }

    /// <summary>Why there is no proxy or gold, where there is none.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Seconds it took.</summary>
    public required double Seconds { get; init; }
}
