using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.PreTokenizers;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads a <c>tokenizer.json</c>.</summary>
/// <remarks>Its <c>truncation</c> and <c>padding</c> are left aside: whoever encodes decides on lengths.</remarks>
internal static class TokenizerJsonReader
{
    /// <summary>The parts that <paramref name="file"/> describes.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="moreTokens">
    /// Added tokens that tokenizer_config.json names. Of those that the file has itself they decide on white space and word ends, as
    /// in transformers, which adds them again.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is broken, or uses something that is not supported.</exception>
    public static PipelineParts Read(string file, IReadOnlyList<AddedToken> moreTokens)
    {
        using var document = ConfigElement.Read(file);
        var root = ConfigElement.Root(document, file);
        if (!root.IsObject || root["model"].IsNull) throw root.Broken("there is no 'model': this is not a tokenizer.json");
        var model = ModelReader.Read(root["model"]);
        var preTokenizer = PreTokenizerReader.Read(root["pre_tokenizer"]);
        if (model is BpeModel or WordPieceModel) model = Cached(model, ref preTokenizer);
        return new PipelineParts(
            model,
            PostProcessorReader.Read(root["post_processor"]),
            NormalizerReader.Read(root["normalizer"]),
            preTokenizer is { Steps.Count: 0 } ? null : preTokenizer,
            DecoderReader.Read(root["decoder"]),
            AddedTokens(root["added_tokens"], moreTokens, model.Vocabulary));
    }

    private static ISubwordModel Cached(ISubwordModel model, ref SequencePreTokenizer? preTokenizer)
    {
        // The byte alphabet is applied behind the cache, so that a word met before costs one look-up of its plain text.
        if (preTokenizer?.Steps is [.., ByteAlphabetPreTokenizer])
        {
            preTokenizer = new SequencePreTokenizer(preTokenizer.Steps.SkipLast(1).ToList());
            model = new ByteLevelModel(model);
        }
        ISubwordModel cached = new CachedModel(model);
        return model is BpeModel { MayCut: true } ? new MarkedWordsModel(cached) : cached;
    }

    private static List<AddedToken> AddedTokens(ConfigElement tokens, IReadOnlyList<AddedToken> moreTokens, Vocabulary vocabulary)
    {
        var added = new List<AddedToken>();
        if (!tokens.IsNull) added.AddRange(tokens.Items().Select(token => AddedTokenReader.Read(token, token["id"].Id())));
        foreach (var token in moreTokens)
        {
            var same = added.FindIndex(known => known.Content == token.Content);
            if (same < 0) added.Add(token);
            else added[same] = token with { Normalized = added[same].Normalized, Special = added[same].Special || token.Special };
        }
        return Number(added, vocabulary);
    }

    /// <summary>
    /// Gives added tokens their ids as the reference does, whatever ids the file names: that of the same token in the vocabulary,
    /// else the next one free behind vocabulary and added tokens.
    /// </summary>
    private static List<AddedToken> Number(List<AddedToken> tokens, Vocabulary vocabulary)
    {
        var ids = new Dictionary<string, int>();
        var (count, highest) = (vocabulary.Count, -1);
        var numbered = new List<AddedToken>(tokens.Count);
        foreach (var token in tokens)
        {
            if (!ids.TryGetValue(token.Content, out var id)) id = vocabulary.IdOf(token.Content) ?? Math.Max(count, highest + 1);
            ids[token.Content] = id;
            highest = Math.Max(highest, id);
            numbered.Add(token with { Id = id });
        }
        return numbered;
    }
}
