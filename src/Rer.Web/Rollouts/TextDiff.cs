using DiffPlex;

namespace Rer.Web.Rollouts;

/// <summary>Word-by-word differences of two texts.</summary>
public static class TextDiff
{
    /// <summary>Longest text compared, in words; of a longer one the rest is taken as replaced.</summary>
    public const int MostWords = 2_000;

    /// <summary>The shortest way from one text to another by whole words (Myers 1986). White space behind a word does not count.</summary>
    public static IReadOnlyList<DiffPart> Words(string before, string after)
    {
        var ((old, oldRest), (young, youngRest)) = (Head(before), Head(after));
        var found = Differ.Instance.CreateDiffs(old, young, ignoreWhiteSpace: true, ignoreCase: false, new WordChunker());
        string[] oldWords = [.. found.PiecesOld], youngWords = [.. found.PiecesNew];

        var parts = new List<DiffPart>();
        var at = 0;
        foreach (var block in found.DiffBlocks)
        {
            Add(DiffKind.Kept, youngWords.AsSpan(at, block.InsertStartB - at));
            Add(DiffKind.Removed, oldWords.AsSpan(block.DeleteStartA, block.DeleteCountA));
            at = block.InsertStartB + block.InsertCountB;
            Add(DiffKind.Added, youngWords.AsSpan(block.InsertStartB, block.InsertCountB));
        }

        Add(DiffKind.Kept, youngWords.AsSpan(at));
        Add(DiffKind.Removed, oldRest);
        Add(DiffKind.Added, youngRest);
        return parts;

        void Add(DiffKind kind, params ReadOnlySpan<string> words)
        {
            var text = string.Concat(words);
            if (text.Length == 0) return;
            if (parts.Count > 0 && parts[^1].Kind == kind) parts[^1] = parts[^1] with { Text = parts[^1].Text + text };
            else parts.Add(new DiffPart(kind, text));
        }
    }

    /// <summary>The part of a text that is compared, and the rest.</summary>
    private static (string Head, string Tail) Head(string text)
    {
        var head = string.Concat(WordChunker.Split(text).Take(MostWords));
        return (head, text[head.Length..]);
    }

    /// <summary>Words with the white space that follows them, so that the parts put together are the text.</summary>
    private sealed class WordChunker : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => [.. Split(text)];

        public static IEnumerable<string> Split(string text)
        {
            var start = 0;
            for (var i = 1; i <= text.Length; i++)
            {
                if (i < text.Length && !(char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]))) continue;
                yield return text[start..i];
                start = i;
            }
        }
    }
}

/// <summary>A stretch of a text diff.</summary>
/// <param name="Kind">Kept, added or removed.</param>
/// <param name="Text">Its text, spaces included.</param>
public sealed record DiffPart(DiffKind Kind, string Text);

/// <summary>What became of a stretch of text.</summary>
public enum DiffKind
{
    /// <summary>In both texts.</summary>
    Kept,

    /// <summary>Only in the later one.</summary>
    Added,

    /// <summary>Only in the earlier one.</summary>
    Removed,
}
