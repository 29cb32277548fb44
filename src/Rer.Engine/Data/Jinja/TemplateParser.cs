namespace Rer.Engine.Data.Jinja;

/// <summary>Reads a template's statements.</summary>
internal sealed class TemplateParser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;

    private TemplateParser(TokenReader tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">It is no template; the message has the line and the column.</exception>
    public static Sequence Parse(string text, string name)
    {
        var parser = new TemplateParser(new TokenReader(TemplateLexer.Cut(text, name), name));
        var body = parser.Body([], default);
        return body;
    }

    /// <summary>Statements up to a tag of one of these names, whose name is read; up to the end where there are none.</summary>
    private Sequence Body(string[] ends, Place opened)
    {
        var statements = new List<Statement>();
        while (true)
        {
            var next = _tokens.Next;
            switch (next.Kind)
            {
                case TokenKind.Text:
                    statements.Add(new Literal(_tokens.Take().Text));
                    break;
                case TokenKind.OutputBegin:
                    _tokens.Take();
                    statements.Add(new Output(_expressions.Tuple()));
                    _tokens.Expect(TokenKind.OutputEnd, "'}}'");
                    break;
                case TokenKind.End when ends.Length == 0:
                    return new Sequence(statements);
                case TokenKind.End:
                    throw _tokens.Error(opened, $"this tag is not closed by '{ends[^1]}'.");
                default:
                    _tokens.Take();
                    if (ends.Any(_tokens.Next.IsName)) return new Sequence(statements);
                    statements.Add(Block());
                    break;
            }
        }
    }

    private Statement Block()
    {
        var tag = _tokens.Expect(TokenKind.Name, "a tag's name");
        switch (tag.Text)
        {
            case "if": return If(tag.At);
            case "for": return For(tag.At);
            case "set": return Set(tag.At);
            case "macro": return Macro(tag.At);
            case "break": return Closed(new Jump(Flow.Break));
            case "continue": return Closed(new Jump(Flow.Continue));
            case "generation": return Wrapped(tag.At, "endgeneration", []);
            case "filter":
                var filters = new List<Func<Expression, Expression>> { _expressions.Filter() };
                while (_tokens.TryTake("|")) filters.Add(_expressions.Filter());
                return Wrapped(tag.At, "endfilter", filters);
            case "with": return With(tag.At);
            default:
                throw _tokens.Error(
                    tag.At, $"there is no tag '{tag.Text}' here. Known ones: if, for, set, macro, filter, with, generation, break, continue, raw.");
        }
    }

    private If If(Place at)
    {
        var branches = new List<(Expression?, Sequence)>();
        var condition = _expressions.Tuple();
        while (true)
        {
            CloseTag();
            branches.Add((condition, Body(["elif", "else", "endif"], at)));
            var end = _tokens.Take();
            if (end.Text == "elif")
            {
                condition = _expressions.Tuple();
                continue;
            }
            CloseTag();
            if (end.Text == "endif") return new If(branches);
            branches.Add((null, Body(["endif"], at)));
            _tokens.Take();
            CloseTag();
            return new If(branches);
        }
    }

    private For For(Place at)
    {
        var target = _expressions.Target();
        _tokens.ExpectName("in");
        var items = _expressions.Whole(withCondition: false);
        var condition = _tokens.TryTakeName("if") ? _expressions.Whole() : null;
        if (_tokens.Next.IsName("recursive")) throw _tokens.Error(_tokens.Next.At, "recursive loops are not supported.");
        CloseTag();
        var body = Body(["else", "endfor"], at);
        Sequence? otherwise = null;
        if (_tokens.Take().Text == "else")
        {
            CloseTag();
            otherwise = Body(["endfor"], at);
            _tokens.Take();
        }
        CloseTag();
        return new For(at, target, items, condition, body, otherwise);
    }

    private Set Set(Place at)
    {
        var target = _expressions.Target();
        if (_tokens.TryTake("=")) return Closed(new Set(target, _expressions.Tuple(), null, []));
        var filters = new List<Func<Expression, Expression>>();
        while (_tokens.TryTake("|")) filters.Add(_expressions.Filter());
        CloseTag();
        var body = Body(["endset"], at);
        _tokens.Take();
        return Closed(new Set(target, null, body, filters));
    }

    private Macro Macro(Place at)
    {
        var name = _tokens.Expect(TokenKind.Name, "the macro's name").Text;
        var parameters = new List<(string, Expression?)>();
        _tokens.Expect("(");
        while (!_tokens.TryTake(")"))
        {
            if (parameters.Count > 0) _tokens.Expect(",");
            var parameter = _tokens.Expect(TokenKind.Name, "a parameter's name").Text;
            parameters.Add((parameter, _tokens.TryTake("=") ? _expressions.Whole() : null));
        }
        CloseTag();
        var body = Body(["endmacro"], at);
        _tokens.Take();
        // The end may repeat the name.
        if (_tokens.Next.Kind == TokenKind.Name) _tokens.Take();
        return Closed(new Macro(at, name, parameters, body));
    }

    private Block With(Place at)
    {
        var assignments = new List<(Target, Expression)>();
        while (_tokens.Next.Kind == TokenKind.Name)
        {
            var name = _tokens.Take();
            _tokens.Expect("=");
            assignments.Add((new Target(name.At, [new Name(name.At, name.Text)]), _expressions.Whole()));
            if (!_tokens.TryTake(",")) break;
        }
        CloseTag();
        var body = Body(["endwith"], at);
        _tokens.Take();
        return Closed(new Block(body, [], assignments));
    }

    private Block Wrapped(Place at, string end, IReadOnlyList<Func<Expression, Expression>> filters)
    {
        CloseTag();
        var body = Body([end], at);
        _tokens.Take();
        return Closed(new Block(body, filters, []));
    }

    private T Closed<T>(T statement) where T : Statement
    {
        CloseTag();
        return statement;
    }

    private void CloseTag() => _tokens.Expect(TokenKind.BlockEnd, "the end of the tag ('%}')");
}
