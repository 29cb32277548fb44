using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.Normalizers;
using Rer.Engine.Tokenizers.PostProcessors;
using Rer.Engine.Tokenizers.PreTokenizers;
using Rer.Engine.Tokenizers.Subwords;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers;

/// <summary>
/// The pipeline that a <c>tokenizer.json</c> describes: added tokens, normalizer, pre-tokenizer, subword model, post-processor,
/// and a decoder for the way back.
/// </summary>
/// <remarks>Equal, id for id, to Hugging Face's tokenizers 0.22.</remarks>
internal sealed class PipelineTokenizer : ITokenizer
{
    private readonly PipelineParts _parts;
    private readonly AddedVocabulary _added;
    private readonly Vocabulary _vocabulary;
    private readonly bool _mindsOpening;

    /// <summary>A tokenizer of <paramref name="parts"/>; <paramref name="special"/> names its special tokens.</summary>
    public PipelineTokenizer(PipelineParts parts, SpecialTokens special)
    {
        _parts = parts;
        _vocabulary = parts.Model.Vocabulary;
        _mindsOpening = parts.Normalizer is not null && parts.PreTokenizer is { MindsOpening: true };
        _added = new AddedVocabulary(parts.AddedTokens, parts.Normalizer);
        VocabularySize = Math.Max(_vocabulary.Size, _added.Size);
        BosId = special.Bos.Resolve(TokenToId);
        EosId = special.Eos.Resolve(TokenToId);
        PadId = special.Pad.Resolve(TokenToId);
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? BosId { get; }

    /// <inheritdoc/>
    public int? EosId { get; }

    /// <inheritdoc/>
    public int? PadId { get; }

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        var tokens = new TokenList();
        Gather(text, tokens);
        if (!addSpecialTokens) return tokens.Ids.ToArray();
        var sequence = new EncodedSequence();
        _parts.PostProcessor.Process(tokens.Ids, null, addSpecialTokens, sequence);
        return sequence.Ids;
    }

    /// <inheritdoc/>
    public EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true)
    {
        var first = new TokenList();
        Gather(text, first);
        var second = new TokenList();
        Gather(pair, second);
        var sequence = new EncodedSequence();
        _parts.PostProcessor.Process(first.Ids, second.Ids, addSpecialTokens, sequence);
        return sequence.ToPair();
    }

    /// <inheritdoc/>
    public string[] Tokenize(string text)
    {
        var tokens = new TokenList(IdToToken);
        Gather(text, tokens);
        return tokens.Literals.ToArray();
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            if (IdToToken(id) is not { } token || skipSpecialTokens && _added.IsSpecial(token)) continue;
            tokens.Add(token);
        }
        return _parts.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
    }

    /// <inheritdoc/>
    public int? TokenToId(string token) => _added.IdOf(token) ?? _vocabulary.IdOf(token);

    /// <inheritdoc/>
    public string? IdToToken(int id) => _added.TokenOf(id) ?? _vocabulary.TokenOf(id);

    private void Gather(string text, TokenList output)
    {
        text = CodePoint.ReplaceLoneSurrogates(text);
        var words = new List<TextPart>();
        _added.InText.Split(text, (token, start, end) =>
        {
            if (token is not null) output.Add(token.Id, text.AsSpan(start, end - start));
            else GatherNormalized(text[start..end], start == 0, words, output);
        });
    }

    private void GatherNormalized(string text, bool opensText, List<TextPart> words, TokenList output)
    {
        var normal = _parts.Normalizer?.Normalize(text) ?? text;
        if (opensText && _mindsOpening) opensText = !_parts.Normalizer!.DropsOpening(text, new NormalLength(text.Length));
        _added.InNormalizedText.Split(normal, (token, start, end) =>
        {
            if (token is not null)
            {
                output.Add(token.Id, normal.AsSpan(start, end - start));
                return;
            }
            var part = new TextPart(normal, opensText).Slice(start, end);
            if (_parts.PreTokenizer is null)
            {
                _parts.Model.Tokenize(part.Span, output);
                return;
            }
            words.Clear();
            _parts.PreTokenizer.Split(part, words);
            foreach (var word in words) _parts.Model.Tokenize(word.Span, output);
        });
    }
}
