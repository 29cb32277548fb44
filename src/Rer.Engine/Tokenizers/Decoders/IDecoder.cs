namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Turns tokens back into pieces of text.</summary>
internal interface IDecoder
{
    /// <summary>The pieces; the text is what they are when written one after the other.</summary>
    List<string> Decode(List<string> tokens);
}
