using System.Text;

namespace Rer.Engine.Evaluation.TextOverlap;

/// <summary>
/// ROUGE (Lin 2004) as Google's `rouge_score` computes it: lower case, words of the characters a-z and 0-9, words of more than three
/// characters stemmed. Other scripts have no words here and score 0.
/// </summary>
public static class Rouge
{
    /// <summary>ROUGE-L: the longest common subsequence of words.</summary>
    /// <param name="target">The right answer.</param>
    /// <param name="prediction">The answer to judge.</param>
    /// <param name="stem">Whether words are stemmed.</param>
    public static RougeScore L(string target, string prediction, bool stem = true)
    {
        var (targetWords, predictionWords) = (Words(target, stem), Words(prediction, stem));
        return Score(LongestCommonSubsequence(targetWords, predictionWords), targetWords.Count, predictionWords.Count);
    }

    /// <summary>ROUGE-N: shared runs of <paramref name="n"/> words.</summary>
    /// <param name="n">Length of the runs.</param>
    /// <param name="target">The right answer.</param>
    /// <param name="prediction">The answer to judge.</param>
    /// <param name="stem">Whether words are stemmed.</param>
    public static RougeScore N(int n, string target, string prediction, bool stem = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        var texts = CountedText.Of([Words(target, stem), Words(prediction, stem)], n);
        var shared = texts[0].Counts(n).Sum(entry => Math.Min(entry.Value, texts[1].CountOf(entry.Key, n)));
        return Score(shared, texts[0].Total(n), texts[1].Total(n));
    }

    private static RougeScore Score(int shared, int target, int prediction) =>
        new((double)shared / Math.Max(1, prediction), (double)shared / Math.Max(1, target));

    private static List<string> Words(string text, bool stem)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var character in text)
        {
            // The reference lower-cases by Unicode's rules, under which these two letters alone turn into ASCII ones.
            var (lower, ends) = character switch
            {
                >= 'A' and <= 'Z' => ((char)(character | 0x20), false),
                '\u212A' => ('k', false),
                '\u0130' => ('i', true),
                _ => (character, false),
            };
            if (lower is >= 'a' and <= 'z' or >= '0' and <= '9') word.Append(lower);
            else ends = true;
            if (ends) End();
        }

        End();
        return words;

        void End()
        {
            if (word.Length == 0) return;
            words.Add(stem && word.Length > 3 ? PorterStemmer.Stem(word.ToString()) : word.ToString());
            word.Clear();
        }
    }

    private static int LongestCommonSubsequence(List<string> left, List<string> right)
    {
        // One row of the table is enough for its length.
        var lengths = new int[right.Count + 1];
        foreach (var word in left)
        {
            var diagonal = 0;
            for (var j = 1; j <= right.Count; j++)
            {
                var above = lengths[j];
                lengths[j] = word == right[j - 1] ? diagonal + 1 : Math.Max(above, lengths[j - 1]);
                diagonal = above;
            }
        }

        return lengths[right.Count];
    }
}

/// <summary>Overlap of a prediction with a target.</summary>
/// <param name="Precision">Share of the prediction that is in the target, [0, 1].</param>
/// <param name="Recall">Share of the target that is in the prediction, [0, 1].</param>
public readonly record struct RougeScore(double Precision, double Recall)
{
    /// <summary>The harmonic mean of precision and recall; 0 where both are.</summary>
    public double F => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}
