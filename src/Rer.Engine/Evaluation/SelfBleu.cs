using Rer.Engine.Data;

namespace Rer.Engine.Evaluation;

/// <summary>How alike a query's responses are (Zhu et al. 2018): high is consistent, low is diverse.</summary>
public static class SelfBleu
{
    private const int Order = 4;

    /// <summary>The mean BLEU-4 of each response with the others as its references, in [0, 1]; NaN below two responses.</summary>
    /// <remarks>Tokens are <see cref="WordPunct"/>'s, uniform weights, smoothing method 1.</remarks>
    public static double Score(IReadOnlyList<string> responses)
    {
        if (responses.Count < 2) return double.NaN;
        var texts = CountedText.Of(responses.Select(WordPunct.Tokenize), Order);
        return texts.Select((hypothesis, i) => Bleu.Sentence([.. texts.Where((_, j) => j != i)], hypothesis, Order)).Average();
    }
}
