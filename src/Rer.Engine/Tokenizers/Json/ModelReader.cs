using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>model</c> of a tokenizer.json.</summary>
internal static class ModelReader
{
    private const int MostGaps = 1 << 20;

    /// <summary>The subword model.</summary>
    public static ISubwordModel Read(ConfigElement model)
    {
        // Files written before the field existed tell their kind by their contents.
        var type = model["type"].TextOr(null)
            ?? (!model["merges"].IsNull ? "BPE" : model["vocab"].IsArray ? "Unigram"
                : model["continuing_subword_prefix"].IsNull ? "WordLevel" : "WordPiece");
        try
        {
            return type switch
            {
                "BPE" => Bpe(model),
                "WordPiece" => new WordPieceModel(
                    Vocabulary(model["vocab"]),
                    model["unk_token"].TextOr("[UNK]")!,
                    model["continuing_subword_prefix"].MarkOr("##")!,
                    model["max_input_chars_per_word"].NumberOr(100)),
                "WordLevel" => new WordLevelModel(Vocabulary(model["vocab"]), model["unk_token"].TextOr("<unk>")!, model.Place),
                "Unigram" => new UnigramModel(
                    model["vocab"].Items().Select(Piece).ToList(),
                    model["unk_id"].IsNull ? null : model["unk_id"].Id(),
                    model["byte_fallback"].FlagOr(false),
                    model.Place),
                _ => throw model["type"].Wrong("BPE, WordPiece, WordLevel or Unigram"),
            };
        }
        catch (FormatException e)
        {
            throw model.Broken(e.Message, e);
        }
    }

    /// <summary>A vocabulary written as an object from token to id.</summary>
    public static Vocabulary Vocabulary(ConfigElement vocabulary)
    {
        var ids = new Dictionary<string, int>();
        var (highest, first) = (-1, "");
        foreach (var (token, id) in vocabulary.Properties())
        {
            Check(token, vocabulary);
            ids[token] = id.Id();
            if (ids[token] > highest) (highest, first) = (ids[token], token);
        }
        // The table of tokens is as long as the highest id is high.
        if (highest > MostGaps + 16L * ids.Count)
            throw vocabulary.Broken($"'{Excerpt.Of(first)}' has the id {highest:N0}, of {ids.Count:N0} tokens: most ids are none");
        return new Vocabulary(ids);
    }

    private static BpeModel Bpe(ConfigElement model)
    {
        if (!model["dropout"].IsNull && model["dropout"].Real() != 0)
            throw model["dropout"].Wrong("null: merges are not dropped at random when a trained model reads text");
        return new BpeModel(
            Vocabulary(model["vocab"]),
            model["merges"].Items().Select(Merge).ToList(),
            new BpeOptions(
                model["unk_token"].TextOr(null),
                model["continuing_subword_prefix"].MarkOr(null),
                model["end_of_word_suffix"].MarkOr(null),
                model["fuse_unk"].FlagOr(false),
                model["byte_fallback"].FlagOr(false),
                model["ignore_merges"].FlagOr(false)));
    }

    private static (string, string) Merge(ConfigElement merge)
    {
        var parts = merge.IsString ? merge.Text().Split(' ') : merge.Items().Select(part => part.Text()).ToArray();
        return parts is [var left, var right] ? (left, right) : throw merge.Wrong("two tokens, as \"a b\" or [\"a\", \"b\"]");
    }

    private static (string, double) Piece(ConfigElement piece)
    {
        var pair = piece.Items().ToArray();
        if (pair.Length != 2) throw piece.Wrong("[piece, score]");
        Check(pair[0].Text(), pair[0]);
        return (pair[0].Text(), pair[1].Real());
    }

    private static void Check(string token, ConfigElement at)
    {
        if (token.Length > Subwords.Vocabulary.LongestToken)
            throw at.Broken($"a token of {token.Length:N0} characters; one may have {Subwords.Vocabulary.LongestToken:N0}");
    }
}
