namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>Goes through the tokens of a template.</summary>
/// <param name="tokens">The tokens; the last is <see cref="TokenKind.End"/>.</param>
/// <param name="name">The template's name, for messages.</param>
internal sealed class TokenReader(IReadOnlyList<Token> tokens, string name)
{
    /// <summary>Blocks, brackets, signs and conditions may stand in one another this deep; published templates go to some ten.</summary>
    public const int Deepest = 100;

    private int _at;
    private int _depth;

    /// <summary>The token to be read next.</summary>
    public Token Next => tokens[_at];

    /// <summary>The one behind it.</summary>
    public Token AfterNext => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>How many tokens have been read.</summary>
    public int Position => _at;

    /// <summary>Whether one of the tokens from a position on that have been read is a name, and not that of an attribute.</summary>
    public bool HasName(string text, int from)
    {
        for (var i = from; i < _at; i++)
        {
            if (tokens[i].IsName(text) && !tokens[i - 1].Is(".")) return true;
        }
        return false;
    }

    /// <summary>Goes a level deeper.</summary>
    /// <exception cref="TemplateException">That is too deep.</exception>
    public void Enter(Place at)
    {
        if (++_depth > Deepest) throw Error(at, $"blocks and brackets may be nested {Deepest} deep, and this is deeper.");
    }

    /// <summary>Comes back from the level that was entered last.</summary>
    public void Leave() => _depth--;

    /// <summary>Reads a token.</summary>
    public Token Take() => tokens[_at].Kind == TokenKind.End ? tokens[_at] : tokens[_at++];

    /// <summary>Reads the operator <paramref name="text"/> where it is next.</summary>
    public bool TryTake(string text)
    {
        if (!Next.Is(text)) return false;
        _at++;
        return true;
    }

    /// <summary>Reads the name <paramref name="text"/> where it is next.</summary>
    public bool TryTakeName(string text)
    {
        if (!Next.IsName(text)) return false;
        _at++;
        return true;
    }

    /// <summary>Reads the operator <paramref name="text"/>.</summary>
    /// <exception cref="TemplateException">Something else is next.</exception>
    public void Expect(string text)
    {
        if (!TryTake(text)) throw Unexpected($"'{text}'");
    }

    /// <summary>Reads the name <paramref name="text"/>.</summary>
    /// <exception cref="TemplateException">Something else is next.</exception>
    public void ExpectName(string text)
    {
        if (!TryTakeName(text)) throw Unexpected($"'{text}'");
    }

    /// <summary>Reads a token of a kind.</summary>
    /// <exception cref="TemplateException">Something else is next.</exception>
    public Token Expect(TokenKind kind, string what) => Next.Kind == kind ? Take() : throw Unexpected(what);

    /// <summary>The next token is not what it should be.</summary>
    public TemplateException Unexpected(string needed) => Error(Next.At, $"{needed} is needed here, not {Next.Shown}.");

    /// <summary>An error at a place.</summary>
    public TemplateException Error(Place at, string message) => new(name, at, message);
}
