using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.Decoders;
using Rer.Engine.Tokenizers.Normalizers;
using Rer.Engine.Tokenizers.PostProcessors;
using Rer.Engine.Tokenizers.PreTokenizers;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers;

/// <summary>The parts of a <see cref="PipelineTokenizer"/>.</summary>
/// <param name="Model">Splits words into tokens.</param>
/// <param name="PostProcessor">Adds special tokens.</param>
/// <param name="Normalizer">Changes the text first.</param>
/// <param name="PreTokenizer">Splits the text into words; without one the model sees the whole text.</param>
/// <param name="Decoder">Turns tokens into text; without one they are joined by spaces.</param>
/// <param name="AddedTokens">Tokens looked for in the text itself.</param>
internal sealed record PipelineParts(
    ISubwordModel Model,
    IPostProcessor PostProcessor,
    INormalizer? Normalizer,
    IPreTokenizer? PreTokenizer,
    IDecoder? Decoder,
    IReadOnlyList<AddedToken> AddedTokens);
