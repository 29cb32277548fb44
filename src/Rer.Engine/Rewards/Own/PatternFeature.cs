using System.Text.RegularExpressions;

namespace Rer.Engine.Rewards.Own;

/// <summary>A count of a regular expression's matches in the response.</summary>
public sealed class PatternFeature : IRewardFeature
{
    /// <summary>Longest time one response may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly FeatureDefinition _definition;
    private readonly Regex _pattern;

    /// <summary>Reads the pattern.</summary>
    /// <exception cref="FormatException">It is no regular expression; the message says where.</exception>
    public PatternFeature(FeatureDefinition definition)
    {
        _definition = definition;
        try
        {
            _pattern = new Regex(definition.Source, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexParseException error)
        {
            throw new FormatException($"{definition.Symbol}: the pattern is no regular expression at character {error.Offset + 1}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public string Symbol => _definition.Symbol;

    /// <inheritdoc/>
    public string Name => _definition.Name.Length > 0 ? _definition.Name : "own pattern";

    /// <inheritdoc/>
    public string Formula => _definition.Measure switch
    {
        PatternMeasure.Count => "matches",
        PatternMeasure.PerHundredWords => "matches / 100 words",
        PatternMeasure.Present => "1 if it matches",
        _ => "1 unless it matches",
    };

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item)
    {
        try
        {
            var matches = _pattern.Count(item.Response);
            return _definition.Measure switch
            {
                PatternMeasure.Count => matches,
                PatternMeasure.PerHundredWords => item.Words.Count == 0 ? 0 : 100.0 * matches / item.Words.Count,
                PatternMeasure.Present => matches > 0 ? 1 : 0,
                _ => matches > 0 ? 0 : 1,
            };
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new InvalidDataException(
                $"{Symbol}: the pattern took more than {Patience.TotalMilliseconds:0} ms on the response '{Start(item.Response)}'. Write it without nested repetitions.", error);
        }
    }

    private static string Start(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
