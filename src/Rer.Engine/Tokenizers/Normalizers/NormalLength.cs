namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>
/// How long a normalised text may get. Replacements are written by others: a row of ten that each double a text makes a thousand of it.
/// </summary>
internal readonly record struct NormalLength
{
    /// <summary>A normalised text may be so many times as long; Unicode's own forms make at most 18 of one character.</summary>
    public const int Growth = 32;

    /// <summary>And so many characters longer, for short texts.</summary>
    public const int Allowance = 4096;

    private readonly int _length;
    private readonly long _most;

    /// <summary>The bound for a text of some length.</summary>
    public NormalLength(int length) => (_length, _most) = (length, (long)Growth * length + Allowance);

    /// <summary>Checks how long a text gets, before it is made.</summary>
    /// <param name="characters">Its length.</param>
    /// <param name="place">What makes it, for the message.</param>
    /// <exception cref="InvalidDataException">It gets too long.</exception>
    public void Check(long characters, string place)
    {
        if (characters <= _most) return;
        throw new InvalidDataException(
            $"{place}: makes more than {_most:N0} characters of {_length:N0}: {Growth} times as many and {Allowance:N0} are the bound.");
    }
}
