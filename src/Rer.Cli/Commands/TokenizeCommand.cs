using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rer.Engine.Runs.Events;
using Rer.Engine.Tokenizers;

namespace Rer.Cli.Commands;

/// <summary>`rer tokenize`: token ids of each line, or the text of ids.</summary>
internal sealed class TokenizeCommand : Command
{
    private readonly CommandConsole _console;
    private readonly Option<string> _model =
        new("--model") { Description = "Folder with the tokenizer's files.", HelpName = "DIR", Required = true };
    private readonly Option<bool> _tokens =
        new("--tokens") { Description = "Write the tokens themselves, a JSON list a line, instead of ids." };
    private readonly Option<bool> _decode = new("--decode") { Description = "The other way: lines of ids to text." };
    private readonly Option<bool> _plain = new("--no-special") { Description = "Add no special tokens; leave them out of decoded text." };
    private readonly Argument<string[]> _texts = new("TEXT") { Description = "Texts; without any, the lines of standard input." };

    public TokenizeCommand(CommandConsole console) : base("tokenize", "Turn text into a model's token ids, line by line, or back.")
    {
        _console = console;
        Arguments.Add(_texts);
        foreach (var option in new Option[] { _model, _tokens, _decode, _plain }) Options.Add(option);
        SetAction(Tokenize);
    }

    private int Tokenize(ParseResult parsed)
    {
        var tokenizer = TokenizerLoader.Load(parsed.GetRequiredValue(_model));
        var texts = parsed.GetValue(_texts) is { Length: > 0 } given ? given : Lines();
        foreach (var text in texts) _console.Out.WriteLine(Convert(parsed, tokenizer, text));
        return ExitCode.Ok;
    }

    private string Convert(ParseResult parsed, ITokenizer tokenizer, string text)
    {
        var special = !parsed.GetValue(_plain);
        if (parsed.GetValue(_decode)) return tokenizer.Decode(Ids(text), skipSpecialTokens: !special);
        var ids = tokenizer.Encode(text, special);
        return parsed.GetValue(_tokens)
            ? JsonSerializer.Serialize(ids.Select(id => tokenizer.IdToToken(id)), RunJson.Compact)
            : string.Join(' ', ids);
    }

    private IEnumerable<string> Lines()
    {
        while (_console.In.ReadLine() is { } line) yield return line;
    }

    private static int[] Ids(string line) =>
    [
        .. line.Split([' ', ',', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(id =>
            int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new FormatException($"'{id}' is not a token id. --decode takes lines of whole numbers.")),
    ];
}
