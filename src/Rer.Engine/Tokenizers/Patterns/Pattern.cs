using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>A compiled regular expression of a tokenizer file. Thread-safe.</summary>
/// <remarks>
/// A backtracking machine over code points with its own stack, since the framework's engine sees UTF-16 units: there
/// <c>\p{L}</c> never holds for a letter beyond U+FFFF, which a tokenizer's reference implementation counts as one.
/// </remarks>
internal sealed class Pattern : ITextPattern
{
    private readonly PatternInstruction[] _program;
    private readonly int _slots;
    private readonly string _place;

    private Pattern(PatternInstruction[] program, int slots, string place) => (_program, _slots, _place) = (program, slots, place);

    /// <summary>Reads and compiles <paramref name="pattern"/>.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="FormatException">The syntax is broken or not supported, or the pattern is too long or nested too deep.</exception>
    public static Pattern Compile(string pattern, string place = "pattern")
    {
        var (program, slots) = PatternCompiler.Compile(PatternParser.Parse(pattern));
        return new Pattern(program, slots, place);
    }

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<char> text, int from, ref MatchBudget budget, out int start, out int end)
    {
        var run = new PatternRun(_program, text, _slots, _place);
        for (start = from; start <= text.Length;)
        {
            end = run.Match(start, ref budget);
            if (end >= 0) return true;
            if (start == text.Length) break;
            CodePoint.At(text, start, out var length);
            start += length;
        }
        (start, end) = (text.Length, text.Length);
        return false;
    }
}
