using Rer.Engine.Data.Jinja.Tree;

namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>Reads a template's statements.</summary>
internal sealed class TemplateParser
{
    private const string Tags = "if, for, set, macro, call, filter, with, generation, print, break, continue, raw";

    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;

    // Whether `break` and `continue` have a loop to end; the body of a macro or of a text has none.
    private bool _inLoop;

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
        return parser.Body([], default);
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
                    statements.Add(new Literal(next.At, _tokens.Take().Text));
                    break;
                case TokenKind.OutputBegin:
                    _tokens.Take();
                    statements.Add(new Output(next.At, _expressions.Tuple()));
                    _tokens.Expect(TokenKind.OutputEnd, "'}}'");
                    break;
                case TokenKind.End when ends.Length == 0:
                    return new Sequence(statements);
                case TokenKind.End:
                    throw _tokens.Error(opened, $"this tag is not closed by '{ends[^1]}'.");
                default:
                    _tokens.Take();
                    if (ends.Any(_tokens.Next.IsName)) return new Sequence(statements);
                    _tokens.Enter(_tokens.Next.At);
                    statements.Add(Block());
                    _tokens.Leave();
                    break;
            }
        }
    }

    /// <summary>The body of a tag, and the tag that ends it.</summary>
    private Sequence WholeBody(string end, Place opened, bool inLoop)
    {
        CloseTag();
        var outer = _inLoop;
        _inLoop = inLoop;
        var body = Body([end], opened);
        _inLoop = outer;
        _tokens.Take();
        return body;
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
            case "call": return Call(tag.At);
            case "print": return Print(tag.At);
            case "break" when _inLoop: return Closed(new Jump(tag.At, Flow.Break));
            case "continue" when _inLoop: return Closed(new Jump(tag.At, Flow.Continue));
            case "break" or "continue": throw _tokens.Error(tag.At, $"'{tag.Text}' has no loop here.");
            case "generation": return Closed(new Block(tag.At, WholeBody("endgeneration", tag.At, inLoop: false), [], []));
            case "filter":
                var filters = _expressions.FilterChain();
                return Closed(new Block(tag.At, WholeBody("endfilter", tag.At, inLoop: false), filters, []));
            case "with": return With(tag.At);
            default:
                throw _tokens.Error(
                    tag.At,
                    $"there is no tag {tag.Shown} here. Known ones: {Tags}.");
        }
    }

    private Output Print(Place at)
    {
        var values = new List<Expression> { _expressions.Whole() };
        while (_tokens.TryTake(",")) values.Add(_expressions.Whole());
        return Closed(new Output(at, new Concatenation(at, values)));
    }

    private If If(Place at)
    {
        var branches = new List<(Expression?, Sequence)>();
        var condition = _expressions.Tuple(withCondition: false);
        while (true)
        {
            CloseTag();
            branches.Add((condition, Body(["elif", "else", "endif"], at)));
            var end = _tokens.Take();
            if (end.Text == "elif")
            {
                condition = _expressions.Tuple(withCondition: false);
                continue;
            }
            if (end.Text == "else")
            {
                CloseTag();
                branches.Add((null, Body(["endif"], at)));
                _tokens.Take();
            }
            return Closed(new If(at, branches));
        }
    }

    private For For(Place at)
    {
        var target = _expressions.Target();
        _tokens.ExpectName("in");
        var items = _expressions.Tuple(withCondition: false);
        var condition = _tokens.TryTakeName("if") ? _expressions.Whole() : null;
        var recursive = _tokens.TryTakeName("recursive");
        CloseTag();
        var outer = _inLoop;
        _inLoop = true;
        var body = Body(["else", "endfor"], at);
        _inLoop = outer;
        Sequence? otherwise = null;
        if (_tokens.Take().Text == "else") otherwise = WholeBody("endfor", at, inLoop: false);
        return Closed(new For(at, target, items, condition, recursive, body, otherwise));
    }

    private Set Set(Place at)
    {
        var target = _expressions.Target();
        if (_tokens.TryTake("=")) return Closed(new Set(at, target, _expressions.Tuple(), null, []));
        var filters = _tokens.TryTake("|") ? _expressions.FilterChain() : [];
        return Closed(new Set(at, target, null, WholeBody("endset", at, inLoop: false), filters));
    }

    private Macro Macro(Place at)
    {
        var name = _tokens.Expect(TokenKind.Name, "the macro's name").Text;
        var body = MacroBody(at, name, "endmacro", Parameters());
        // The end may repeat the name.
        if (_tokens.Next.Kind == TokenKind.Name) _tokens.Take();
        return Closed(new Macro(at, name, body));
    }

    private CallBlock Call(Place at)
    {
        var parameters = _tokens.Next.Is("(") ? Parameters() : [];
        var callAt = _tokens.Next.At;
        var call = _expressions.Whole() as Call ?? throw _tokens.Error(callAt, "the call of a macro is needed here.");
        return Closed(new CallBlock(at, call, MacroBody(at, "caller", "endcall", parameters)));
    }

    private List<(string Name, Expression? Default)> Parameters()
    {
        var parameters = new List<(string Name, Expression? Default)>();
        _tokens.Expect("(");
        while (!_tokens.TryTake(")"))
        {
            if (parameters.Count > 0) _tokens.Expect(",");
            var parameter = _tokens.Expect(TokenKind.Name, "a parameter's name");
            if (parameters.Any(other => other.Name == parameter.Text))
                throw _tokens.Error(parameter.At, $"there are two parameters {parameter.Shown}.");
            var fallback = _tokens.TryTake("=") ? _expressions.Whole() : null;
            if (fallback is null && parameters.Any(other => other.Default is not null))
                throw _tokens.Error(parameter.At, "a parameter without a default stands before those with one.");
            parameters.Add((parameter.Text, fallback));
        }
        return parameters;
    }

    private MacroBody MacroBody(Place at, string name, string end, IReadOnlyList<(string Name, Expression? Default)> parameters)
    {
        var begin = _tokens.Position;
        var body = WholeBody(end, at, inLoop: false);
        var extras = new MacroExtras(_tokens.HasName("varargs", begin), _tokens.HasName("kwargs", begin), _tokens.HasName("caller", begin));
        return new MacroBody(at, name, parameters, extras, body);
    }

    private Block With(Place at)
    {
        var assignments = new List<(Target, Expression)>();
        while (_tokens.Next.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0) _tokens.Expect(",");
            var target = _expressions.Target();
            _tokens.Expect("=");
            assignments.Add((target, _expressions.Whole()));
        }
        return Closed(new Block(at, WholeBody("endwith", at, _inLoop), [], assignments));
    }

    private T Closed<T>(T statement) where T : Statement
    {
        CloseTag();
        return statement;
    }

    private void CloseTag() => _tokens.Expect(TokenKind.BlockEnd, "the end of the tag ('%}')");
}
