using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Evaluation.Metrics;

/// <summary>
/// Distinct-2 of Li et al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation Models", section 5: distinct bigrams
/// over all bigrams of the responses taken together.
/// </summary>
/// <remarks>
/// It falls as responses get longer or more, since the bigrams of a language repeat: compare checkpoints of the same queries, and read it
/// beside the length. Tokens are <see cref="WordPunct"/>'s, letter case counts, and no bigram spans two responses.
/// </remarks>
internal sealed class Distinct2 : IEvaluationMetric
{
    /// <inheritdoc/>
    public string Key => "distinct_2";

    /// <inheritdoc/>
    public string Title => "distinct-2";

    /// <inheritdoc/>
    public string Meaning =>
        "Distinct bigrams over all bigrams of the responses taken together; it falls where they repeat themselves or one another.";

    /// <inheritdoc/>
    public MetricScope Scope => MetricScope.QueryTypes;

    /// <inheritdoc/>
    public Better BetterFor(QueryType? type) => type == QueryType.OpenEnded ? Better.High : Better.Neither;

    /// <summary>The share, in (0, 1]; NaN where no response has two words.</summary>
    public double Compute(IReadOnlyList<EvaluationSample> responses)
    {
        var (bigrams, distinct) = (0, new HashSet<(string, string)>());
        foreach (var words in responses.Select(rollout => WordPunct.Tokenize(rollout.Response)))
        {
            for (var i = 0; i + 1 < words.Count; i++, bigrams++) distinct.Add((words[i], words[i + 1]));
        }

        return bigrams == 0 ? double.NaN : (double)distinct.Count / bigrams;
    }
}
