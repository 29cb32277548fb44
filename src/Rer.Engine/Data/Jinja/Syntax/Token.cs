namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>Text outside tags.</summary>
    Text,

    /// <summary>`{{`.</summary>
    OutputBegin,

    /// <summary>`}}`.</summary>
    OutputEnd,

    /// <summary>`{%`.</summary>
    BlockBegin,

    /// <summary>`%}`.</summary>
    BlockEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A string, its quotes and escapes undone.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a point or an exponent.</summary>
    Float,

    /// <summary>A bracket, comma or operator.</summary>
    Operator,

    /// <summary>The end of the template.</summary>
    End,
}

/// <summary>A token of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="At">Where it begins.</param>
internal readonly record struct Token(TokenKind Kind, string Text, Place At)
{
    /// <summary>Whether it is the operator <paramref name="text"/>.</summary>
    public bool Is(string text) => Kind == TokenKind.Operator && Text == text;

    /// <summary>Whether it is the name <paramref name="text"/>.</summary>
    public bool IsName(string text) => Kind == TokenKind.Name && Text == text;

    /// <summary>As messages show it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.BlockEnd => "the end of the tag",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.Text => "text",
        _ => Text.Length > 60 ? $"'{Text[..60]}...'" : $"'{Text}'",
    };
}
