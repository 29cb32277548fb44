using System.Buffers;
using System.Text;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Rewards.Relevance;

/// <summary>
/// Relevance by shared words: TF-IDF over hashed words, word pairs and character n-grams, each text at unit length. Needs no weights.
/// In [0, 1]: 1 for equal texts, 0 where nothing is shared; the character n-grams let `walked` answer to `walking`.
/// </summary>
/// <remarks>
/// Sub-linear term frequency and smoothed inverse document frequency as in Manning, Raghavan &amp; Schütze 2008, chapter 6. Each of the
/// three kinds has unit length before they are weighed against each other, so the many n-grams do not drown the words. Hashes are stable:
/// a resumed run scores as its first part did.
/// </remarks>
internal sealed class LexicalRelevance : EmbeddingRelevance<SparseVector>
{
    /// <summary>The relevance of equal texts.</summary>
    public const double InnerProductCeiling = 1;

    private const int BucketBits = 20;
    private const int ShortestGram = 3;
    private const int LongestGram = 4;

    // Shares of the squared length: words, word pairs, character n-grams.
    private static readonly double[] Shares = [0.6, 0.1, 0.3];

    // Texts that hold a bucket's term at least once, by kind and bucket.
    private readonly Dictionary<int, int> _documents = [];
    private readonly int _texts;

    /// <summary>A model that weighs every word alike.</summary>
    public LexicalRelevance()
    {
    }

    private LexicalRelevance(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            _texts++;
            foreach (var term in Terms(text).SelectMany(kind => kind).Distinct()) _documents[term] = _documents.GetValueOrDefault(term) + 1;
        }
    }

    /// <inheritdoc/>
    public override string Name => "lexical";

    /// <summary>1: the relevance of equal texts.</summary>
    public override double Ceiling => InnerProductCeiling;

    /// <summary>A model that weighs a word by how few of these texts hold it.</summary>
    public static LexicalRelevance Fit(IEnumerable<string> texts) => new(texts);

    /// <summary>A model fitted to a prompt set's queries and references.</summary>
    public static LexicalRelevance Fit(PromptSet prompts) =>
        new(prompts.Items.Select(item => item.Query).Concat(prompts.Items.Select(item => item.Reference).OfType<string>()));

    /// <inheritdoc/>
    protected override IReadOnlyList<Embedded<SparseVector>> Embed(IReadOnlyList<string> texts) =>
        [.. texts.Select(text => new Embedded<SparseVector>(Embed(text), Cut: false))];

    /// <inheritdoc/>
    protected override double Product(SparseVector left, SparseVector right) => left.Dot(right);

    private SparseVector Embed(string text)
    {
        var (indices, values) = (new List<int>(), new List<double>());
        var kinds = Terms(text);
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            var start = values.Count;
            foreach (var (term, count) in RunLengths(kinds[kind]))
            {
                indices.Add(term);
                values.Add((1 + Math.Log(count)) * Rarity(term));
            }

            Scale(values, start, Math.Sqrt(Shares[kind]));
        }

        // A text of one word has no pairs: bring what there is to unit length.
        Scale(values, 0, 1);
        return new SparseVector([.. indices], [.. values.Select(value => (float)value)]);
    }

    private double Rarity(int term) => 1 + Math.Log((1.0 + _texts) / (1 + _documents.GetValueOrDefault(term)));

    private static void Scale(List<double> values, int start, double length)
    {
        var squares = 0.0;
        for (var i = start; i < values.Count; i++) squares += values[i] * values[i];
        if (squares == 0) return;
        var factor = length / Math.Sqrt(squares);
        for (var i = start; i < values.Count; i++) values[i] *= factor;
    }

    private static IEnumerable<(int Term, int Count)> RunLengths(List<int> terms)
    {
        terms.Sort();
        for (var i = 0; i < terms.Count;)
        {
            var start = i;
            while (i < terms.Count && terms[i] == terms[start]) i++;
            yield return (terms[start], i - start);
        }
    }

    /// <summary>The terms of a text by kind, each as its kind and bucket in one number: kinds come in ascending order.</summary>
    private static List<int>[] Terms(string text)
    {
        List<int> words = [], pairs = [], grams = [];
        var tokens = WordPunct.Tokenize(text.ToLowerInvariant());
        // A text of marks alone (`:)`) is compared by these.
        var marksOnly = !tokens.Any(IsWord);
        var previous = 0UL;
        foreach (var token in tokens)
        {
            if (!marksOnly && !IsWord(token)) continue;
            var word = StableHash.Of(token);
            words.Add(Term(0, word));
            if (previous != 0) pairs.Add(Term(1, previous * 31 + word));
            previous = word;

            // Marked ends tell a word's beginning and end from its middle.
            var marked = $"<{token}>".AsSpan();
            for (var length = ShortestGram; length <= LongestGram; length++)
                for (var i = 0; i + length <= marked.Length; i++)
                    grams.Add(Term(2, StableHash.Of(marked.Slice(i, length))));
        }

        return [words, pairs, grams];
    }

    private static bool IsWord(string token) =>
        Rune.DecodeFromUtf16(token, out var rune, out _) == OperationStatus.Done && PythonCharacters.IsWord(rune.Value);

    private static int Term(int kind, ulong hash) => kind << BucketBits | (int)(hash & ((1UL << BucketBits) - 1));
}
