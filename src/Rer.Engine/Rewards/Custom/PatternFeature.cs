using System.Text.RegularExpressions;

namespace Rer.Engine.Rewards.Custom;

/// <summary>What a regular expression's matches in the response, cut as LI and RP cut it, are worth.</summary>
public sealed class PatternFeature : IRewardFeature
{
    /// <summary>Longest time one match may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly FeatureDefinition _definition;
    private readonly Regex _pattern;

    /// <summary>Reads the pattern.</summary>
    /// <exception cref="FeatureSourceException">It is no regular expression.</exception>
    public PatternFeature(FeatureDefinition definition)
    {
        _definition = definition;
        // A pattern of nothing matches everywhere; whoever leaves the field empty means no such thing.
        if (definition.Source.Length == 0)
            throw new FeatureSourceException(definition.Symbol, [new SourceError(1, 1, 1, "the pattern is empty.")]);
        try
        {
            _pattern = new Regex(definition.Source, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexParseException error)
        {
            throw new FeatureSourceException(
                definition.Symbol, [SourceError.At(definition.Source, Math.Max(0, error.Offset - 1), 1, Explanation(error))]);
        }
    }

    /// <inheritdoc/>
    public string Symbol => _definition.Symbol;

    /// <inheritdoc/>
    public string Name => _definition.Title;

    /// <inheritdoc/>
    public string Formula => _definition.Measure switch
    {
        PatternMeasure.Count => $"matches of {_definition.Source}",
        PatternMeasure.PerHundredWords => $"matches of {_definition.Source} / 100 words",
        PatternMeasure.Present => $"1 if {_definition.Source} matches",
        _ => $"1 unless {_definition.Source} matches",
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A match took longer than <see cref="Patience"/>.</exception>
    public double Evaluate(ScoredItem item)
    {
        try
        {
            return _definition.Measure switch
            {
                PatternMeasure.Count => _pattern.Count(item.Cut),
                PatternMeasure.PerHundredWords => item.Words.Count == 0 ? 0 : 100.0 * _pattern.Count(item.Cut) / item.Words.Count,
                PatternMeasure.Present => _pattern.IsMatch(item.Cut) ? 1 : 0,
                _ => _pattern.IsMatch(item.Cut) ? 0 : 1,
            };
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new InvalidDataException(
                $"{Symbol}: a match took more than {Patience.TotalMilliseconds:0} ms on the response '{Start(item.Cut)}'. " +
                "Repetitions inside repetitions, as in (a+)+, cause this.", error);
        }
    }

    private static string Explanation(RegexParseException error) => error.Error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a '(' is not closed; write '\\(' for the character itself.",
        RegexParseError.InsufficientOpeningParentheses => "this ')' closes nothing; write '\\)' for the character itself.",
        RegexParseError.UnterminatedBracket => "a '[' is not closed; write '\\[' for the character itself.",
        RegexParseError.QuantifierAfterNothing =>
            "there is nothing to repeat before this; write a backslash before it for the character itself.",
        // The message of the framework repeats the pattern and the offset before what is wrong.
        _ => error.Message[(error.Message.LastIndexOf(". ", error.Message.Length - 2, StringComparison.Ordinal) + 1)..].Trim(),
    };

    private static string Start(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
