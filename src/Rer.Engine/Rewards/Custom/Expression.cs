namespace Rer.Engine.Rewards.Custom;

/// <summary>
/// An arithmetic expression over <see cref="Quantity"/>: numbers, `+ - * / ^`, comparisons and `and`, `or` (1 or 0), parentheses, and
/// functions. Read once, evaluated often.
/// </summary>
public sealed class Expression
{
    private readonly Func<ScoredItem, double> _value;

    private Expression(Func<ScoredItem, double> value, IReadOnlyList<Quantity> quantities) => (_value, Quantities) = (value, quantities);

    /// <summary>The functions, as they are called: `min(a, b, ...)`.</summary>
    public static IReadOnlyList<string> Functions { get; } = [.. ExpressionFunction.All.Select(function => function.Form)];

    /// <summary>Quantities that occur in it.</summary>
    public IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Reads an expression; where it cannot be read, says the first thing that is wrong.</summary>
    public static bool TryParse(string text, out Expression expression, out SourceError? error)
    {
        var parser = new ExpressionParser(text);
        try
        {
            expression = new Expression(parser.Parse(), [.. parser.Quantities]);
            error = null;
            return true;
        }
        catch (ExpressionParser.WrongException wrong)
        {
            expression = new Expression(_ => double.NaN, []);
            error = SourceError.At(text, wrong.Start, wrong.Length, wrong.Message);
            return false;
        }
    }

    /// <summary>Its value for an item for which every one of <see cref="Quantities"/> is known; may be NaN or infinite.</summary>
    public double Evaluate(ScoredItem item) => _value(item);
}
