namespace Rer.Engine.Rewards.Custom;

/// <summary>A function that expressions can call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Form">How it is called.</param>
/// <param name="Arguments">How many arguments it takes, or the fewest where <paramref name="OrMore"/>.</param>
/// <param name="OrMore">Whether it takes more.</param>
/// <param name="Value">Its value.</param>
internal sealed record ExpressionFunction(string Name, string Form, int Arguments, bool OrMore, Func<double[], double> Value)
{
    public static IReadOnlyList<ExpressionFunction> All { get; } =
    [
        new("min", "min(a, b, ...)", 2, true, v => v.Min()),
        new("max", "max(a, b, ...)", 2, true, v => v.Max()),
        new("clamp", "clamp(x, low, high)", 3, false, v => Math.Min(Math.Max(v[0], v[1]), v[2])),
        new("if", "if(condition, then, else)", 3, false, v => v[0] != 0 ? v[1] : v[2]),
        new("abs", "abs(x)", 1, false, v => Math.Abs(v[0])),
        new("sqrt", "sqrt(x)", 1, false, v => Math.Sqrt(v[0])),
        new("exp", "exp(x)", 1, false, v => Math.Exp(v[0])),
        new("log", "log(x)", 1, false, v => Math.Log(v[0])),
        new("floor", "floor(x)", 1, false, v => Math.Floor(v[0])),
        new("ceil", "ceil(x)", 1, false, v => Math.Ceiling(v[0])),
        new("round", "round(x)", 1, false, v => Math.Round(v[0], MidpointRounding.AwayFromZero)),
    ];

    /// <summary>`2 arguments or more`.</summary>
    public string Wanted => (Arguments == 1 ? "1 argument" : $"{Arguments} arguments") + (OrMore ? " or more" : "");

    public bool Takes(int count) => count == Arguments || (OrMore && count > Arguments);
}
