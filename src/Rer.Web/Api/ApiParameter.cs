using System.Globalization;

namespace Rer.Web.Api;

/// <summary>What a request's address says, checked: a value that means nothing is an error and not a guess.</summary>
internal static class ApiParameter
{
    /// <summary>A value of an enumeration, in either case and with or without underscores.</summary>
    /// <exception cref="BadHttpRequestException">It is none; the message lists those there are.</exception>
    public static T Parse<T>(string parameter, string text)
        where T : struct, Enum
    {
        var name = text.Replace("_", "", StringComparison.Ordinal);
        // A number would be taken for the value that has it.
        return name.All(char.IsAsciiLetter) && Enum.TryParse<T>(name, true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new BadHttpRequestException($"{parameter} '{text}' is not known. Known: {string.Join(", ", Names<T>())}.");
    }

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]);

    /// <summary>A number within bounds.</summary>
    /// <exception cref="BadHttpRequestException">It is outside.</exception>
    public static long Within(string parameter, long value, long lowest, long highest = long.MaxValue)
    {
        if (value >= lowest && value <= highest) return value;
        var end = highest == long.MaxValue ? "∞)" : string.Create(CultureInfo.InvariantCulture, $"{highest}]");
        throw new BadHttpRequestException(
            string.Create(CultureInfo.InvariantCulture, $"{parameter}: {value} is outside [{lowest}, {end}."));
    }

    /// <summary>A number from 0 on, where there is one.</summary>
    /// <exception cref="BadHttpRequestException">It is negative.</exception>
    public static int? NotNegative(string parameter, int? value) => value is { } number ? (int)Within(parameter, number, 0) : null;
}
