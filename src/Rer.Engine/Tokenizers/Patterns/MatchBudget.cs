namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>
/// How many steps a pattern may take on a text. A pattern is written by others, and one that backtracks can take two to the power of the
/// text's length.
/// </summary>
internal struct MatchBudget
{
    /// <summary>Steps for each character of the text; published patterns take some ten to some hundred.</summary>
    public const int StepsACharacter = 20_000;

    /// <summary>Steps for the text as such.</summary>
    public const int StepsAText = 10_000;

    private readonly int _length;
    private long _left;

    /// <summary>The budget for all matches in a text.</summary>
    public MatchBudget(int textLength) => (_length, _left) = (textLength, StepsAText + (long)StepsACharacter * textLength);

    /// <summary>Takes steps off.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="place">Where the pattern stands, for the message.</param>
    /// <exception cref="InvalidDataException">There are not that many left.</exception>
    public void Spend(long steps, string place)
    {
        if ((_left -= steps) >= 0) return;
        throw new InvalidDataException($"{place}: the regular expression takes more than {StepsACharacter:N0} steps for each character of "
            + $"a text of {_length:N0}: it backtracks without end. Write it without nested repetitions.");
    }
}
