using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Rewards.Custom;

/// <summary>Makes features of their definitions, and tests them by their examples.</summary>
public static class CustomFeatures
{
    /// <summary>The feature.</summary>
    /// <exception cref="FeatureSourceException">The source cannot be read; its errors say where and what would be right.</exception>
    /// <exception cref="InvalidOperationException">It is C# code, and code is not allowed here.</exception>
    public static IRewardFeature Compile(FeatureDefinition definition)
    {
        if (definition.Kind != FeatureKind.Expression && definition.Source.Length > FeatureDefinition.LongestSource)
            throw new FeatureSourceException(
                definition.Symbol, [SourceError.At(definition.Source, FeatureDefinition.LongestSource, 1, TooLong(definition))]);
        return definition.Kind switch
        {
            FeatureKind.Expression => new ExpressionFeature(definition),
            FeatureKind.Pattern => new PatternFeature(definition),
            _ => CodeFeatures.Compile(definition),
        };
    }

    /// <summary>A definition's formula in words; of C# code, which may be off, that it is code.</summary>
    public static string FormulaOf(FeatureDefinition definition) => definition.Kind switch
    {
        FeatureKind.Code => "a C# class",
        _ when WhyNot(definition) is null => Compile(definition).Formula,
        _ => definition.Source,
    };

    /// <summary>What keeps a definition from being used, in a sentence; null where nothing does.</summary>
    public static string? WhyNot(FeatureDefinition definition)
    {
        try
        {
            if (definition.Source.Length > FeatureDefinition.LongestSource) return $"{definition.Symbol}: {TooLong(definition)}";
            if (definition.Problem is { } problem) return problem;
            Compile(definition);
            return null;
        }
        catch (Exception error) when (error is FeatureSourceException or InvalidOperationException)
        {
            return error.Message;
        }
    }

    /// <summary>Runs a definition's examples.</summary>
    /// <exception cref="FeatureSourceException">The source cannot be read.</exception>
    /// <exception cref="InvalidOperationException">It is C# code, and code is not allowed here.</exception>
    public static IReadOnlyList<ExampleResult> Test(FeatureDefinition definition)
    {
        var feature = Compile(definition);
        return [.. definition.Examples.Select(example => Test(feature, example))];
    }

    /// <summary>What a feature scores an item; never throws for what the feature does, but says it.</summary>
    public static (double Value, string? Problem) Try(IRewardFeature feature, ScoredItem item)
    {
        try
        {
            if (!feature.AppliesTo(item))
                return (double.NaN, feature.Needs.Length > 0 ? $"not known: needs {feature.Needs}" : "not known for this item");
            var value = feature.Evaluate(item);
            return double.IsFinite(value) ? (value, null) : (double.NaN, $"{value}; a feature must be finite");
        }
        catch (Exception error)
        {
            // A class of the user's own may throw anything.
            return (double.NaN, error.Message);
        }
    }

    private static string TooLong(FeatureDefinition definition) =>
        $"the source has {definition.Source.Length} characters; at most {FeatureDefinition.LongestSource} are allowed.";

    private static ExampleResult Test(IRewardFeature feature, FeatureExample example)
    {
        var cut = example.Response.Trim('\n', ' ');
        var (value, problem) = Try(feature, new ScoredItem
        {
            Prompt = new PromptItem(0, example.Query, example.Reference, null),
            Query = example.Query,
            Response = example.Response,
            Cut = cut,
            Words = WordPunct.Tokenize(cut),
            Relevance = new RelevanceScore(example.QueryRelevance, example.ReferenceRelevance),
        });
        return new ExampleResult(example, value, problem);
    }
}

/// <summary>What an example scored.</summary>
/// <param name="Example">The example.</param>
/// <param name="Value">Its value; NaN where there is none.</param>
/// <param name="Problem">Why there is no value; null where there is one.</param>
public sealed record ExampleResult(FeatureExample Example, double Value, string? Problem)
{
    /// <summary>Whether the value is the one wanted.</summary>
    public bool Passes => Math.Abs(Value - Example.Value) <= FeatureExample.Tolerance;
}
