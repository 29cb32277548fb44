namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Remembers the tokens of words met before, in a table of fixed size.</summary>
/// <remarks>
/// Each word has one place in the table and displaces whatever is there: no lock, no growth, and the frequent words of a
/// language soon hold their places.
/// </remarks>
internal sealed class CachedModel(ISubwordModel model) : ISubwordModel
{
    private const int Places = 1 << 16;
    private const int LongestWord = 48;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <inheritdoc/>
    public Vocabulary Vocabulary => model.Vocabulary;

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        if (word.Length > LongestWord)
        {
            model.Tokenize(word, output);
            return;
        }
        ref var place = ref _entries[string.GetHashCode(word) & Places - 1];
        var entry = place;
        if (entry is null || !word.SequenceEqual(entry.Word))
        {
            var tokens = new TokenList();
            model.Tokenize(word, tokens);
            entry = new Entry(word.ToString(), tokens.Ids.ToArray());
            place = entry;
        }
        output.AddRange(entry.Ids);
    }

    private sealed record Entry(string Word, int[] Ids);
}
