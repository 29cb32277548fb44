using System.Text.RegularExpressions;

namespace Rer.Engine.Options;

/// <summary>Property names as option names.</summary>
internal static partial class OptionNames
{
    /// <summary>`ClipRange` -> `clip-range`, `EvaluationData` -> `eval-data`, `DType` -> `dtype`.</summary>
    public static string Kebab(string property) =>
        WordBoundary().Replace(property.Replace("Evaluation", "Eval"), "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordBoundary();
}
