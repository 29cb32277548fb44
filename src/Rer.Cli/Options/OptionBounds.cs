using System.CommandLine;
using System.Globalization;
using Rer.Engine.Options;

namespace Rer.Cli.Options;

/// <summary>The interval that a numeric option must lie in: said in its help, and checked before a command begins.</summary>
internal static class OptionBounds
{
    /// <summary>CPU threads, and processes side by side.</summary>
    public const int MostThreads = 1024;

    /// <summary>The option with an interval.</summary>
    /// <param name="option">A numeric option.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="lowOpen">Whether the lower end itself is outside.</param>
    public static Option<T> Within<T>(this Option<T> option, double low, double high, bool lowOpen = false)
    {
        var bounds = new BoundsAttribute(low, high) { LowOpen = lowOpen };
        option.Description += $" Allowed: {bounds}.";
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                // What is no number at all is said by whoever reads it as one.
                if (double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !bounds.Contain(value))
                    result.AddError($"{option.Name}: {token.Value} is outside {bounds}.");
            }
        });
        return option;
    }
}
