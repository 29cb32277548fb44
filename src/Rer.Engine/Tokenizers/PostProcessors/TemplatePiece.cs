namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary>One piece of a template: a text, or special tokens.</summary>
/// <param name="Special">The ids of a special token; null for a text.</param>
/// <param name="IsSecond">Whether the text is the second of a pair.</param>
/// <param name="TypeId">The segment.</param>
internal sealed record TemplatePiece(IReadOnlyList<int>? Special, bool IsSecond, int TypeId);
