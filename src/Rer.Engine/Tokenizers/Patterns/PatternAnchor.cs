namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Conditions on a position, in Ruby's syntax: <c>^</c> and <c>$</c> are always about lines.</summary>
internal enum PatternAnchor
{
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrLastNewline,
    WordBoundary,
    NotWordBoundary,
}
