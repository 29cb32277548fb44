namespace Rer.Engine.Tokenizers.Subwords;
internal sealed class UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, int? unknownId, bool byteFallback) : ISubwordModel
{
    public Vocabulary Vocabulary => throw new InvalidOperationException($"{pieces}{unknownId}{byteFallback}");
    public void Tokenize(ReadOnlySpan<char> word, TokenList output) => throw new InvalidOperationException();
}
