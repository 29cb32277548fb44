using Rer.Engine.Tokenizers.PostProcessors;

namespace Rer.Engine.Tokenizers;

/// <summary>Text to token ids and back, as the model's own tokenizer files define it. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>One more than the highest id, added tokens included.</summary>
    int VocabularySize { get; }

    /// <summary>Beginning-of-sequence id, where the tokenizer has one.</summary>
    int? BosId { get; }

    /// <summary>End-of-sequence id, where the tokenizer has one.</summary>
    int? EosId { get; }

    /// <summary>Padding id, where the tokenizer has one.</summary>
    int? PadId { get; }

    /// <summary>Token ids of <paramref name="text"/>.</summary>
    /// <param name="text">
    /// Any text; special tokens written in it are recognised as the tokenizer's files say. A lone surrogate counts as U+FFFD.
    /// </param>
    /// <param name="addSpecialTokens">Apply the post-processor (BOS and the like).</param>
    int[] Encode(string text, bool addSpecialTokens = true);

    /// <summary>Token ids and segment ids of two texts in one sequence, as a cross-encoder or a BERT classifier reads them.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="addSpecialTokens">Apply the post-processor's template for pairs.</param>
    /// <remarks>A tokenizer that has no such template puts one text after the other, without special tokens.</remarks>
    EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true)
    {
        var sequence = new EncodedSequence();
        sequence.AddText(Encode(text, false), 0);
        sequence.AddText(Encode(pair, false), 1);
        return sequence.ToPair();
    }

    /// <summary>The tokens of <paramref name="text"/> in their literal form, without the post-processor's.</summary>
    /// <remarks>An unknown piece appears as it is written in the text where the tokenizer's kind keeps it.</remarks>
    string[] Tokenize(string text) => Encode(text, false).Select(id => IdToToken(id) ?? "").ToArray();

    /// <summary>Text of <paramref name="ids"/>.</summary>
    /// <param name="ids">Token ids; ids outside the vocabulary are left out, as the reference implementation does.</param>
    /// <param name="skipSpecialTokens">Leave special tokens out of the text.</param>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true);

    /// <summary>The id of a token's literal form, or null.</summary>
    int? TokenToId(string token);

    /// <summary>The literal form of an id, or null.</summary>
    string? IdToToken(int id);
}
