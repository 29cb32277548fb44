using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.TextOverlap;

namespace Rer.Engine.Evaluation.Metrics;

/// <summary>How alike a query's responses are (Zhu et al. 2018): high is consistent, low is diverse.</summary>
public sealed class SelfBleu : IEvaluationMetric
{
    private const int Order = 4;

    /// <inheritdoc/>
    public string Key => "self_bleu";

    /// <inheritdoc/>
    public string Title => "Self-BLEU";

    /// <inheritdoc/>
    public string Meaning => "How alike the responses to one query are: BLEU-4 of each against the others, mean over the queries.";

    /// <inheritdoc/>
    public MetricScope Scope => MetricScope.QueryTypes;

    /// <inheritdoc/>
    public Better BetterFor(QueryType? type) => type switch
    {
        QueryType.ClosedEnded => Better.High,
        QueryType.OpenEnded => Better.Low,
        _ => Better.Neither,
    };

    /// <summary>The mean over queries of <see cref="Score"/>.</summary>
    public double Compute(IReadOnlyList<EvaluationSample> responses) =>
        responses.GroupBy(rollout => rollout.Item).Average(query => Score([.. query.Select(rollout => rollout.Response)]));

    /// <summary>The mean BLEU-4 of each response with the others as its references, in [0, 1]; NaN below two responses.</summary>
    /// <remarks>Tokens are <see cref="WordPunct"/>'s, uniform weights, smoothing method 1.</remarks>
    public static double Score(IReadOnlyList<string> responses)
    {
        if (responses.Count < 2) return double.NaN;
        var texts = CountedText.Of(responses.Select(WordPunct.Tokenize), Order);
        return texts.Select((hypothesis, i) => Bleu.Sentence([.. texts.Where((_, j) => j != i)], hypothesis, Order)).Average();
    }
}
