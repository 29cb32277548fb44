using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads a pattern: <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
internal static class PatternReader
{
    /// <summary>The pattern that <paramref name="element"/> describes.</summary>
    public static ITextPattern Read(ConfigElement element)
    {
        // Early files wrote a literal as a bare string.
        if (element.IsString) return Literal(element);
        if (!element["String"].IsNull) return Literal(element["String"]);
        return element["Regex"].IsNull ? throw element.Wrong("{\"String\": ...} or {\"Regex\": ...}") : Regex(element["Regex"]);
    }

    private static LiteralPattern Literal(ConfigElement literal) =>
        literal.Text().Length > 0 ? new LiteralPattern(literal.Text()) : throw literal.Wrong("a text that is not empty");

    private static ITextPattern Regex(ConfigElement regex)
    {
        try
        {
            return KnownPatterns.Find(regex.Text()) ?? Pattern.Compile(regex.Text(), regex.Place);
        }
        catch (FormatException e)
        {
            throw regex.Broken(e.Message, e);
        }
    }
}
