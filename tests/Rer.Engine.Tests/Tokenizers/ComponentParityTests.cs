using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.SentencePiece;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>
/// Every part that a tokenizer.json may have, on awkward texts, against what Hugging Face's tokenizers 0.22.2 makes of them
/// (components.jsonl: small tokenizers made up for this, one per line). Where a row gives tokens without ids, the model knows no piece
/// at all, so that each word is one unknown token and shows where the text was cut.
/// </summary>
public sealed class ComponentParityTests : IDisposable
{
    private static readonly string[] Lines = File.ReadAllText(
            RepositoryRoot.File("tests", "Rer.Engine.Tests", "Tokenizers", "components.jsonl"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-component-").FullName;

    public static IEnumerable<object[]> Components => Names(false);

    public static IEnumerable<object[]> ComponentsWithMaps => Names(true);

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory, MemberData(nameof(Components))]
    public void A_component_equals_the_reference(string name) => Check(name, json => json);

    // Their character maps are those of published models, which are not in the repository.
    [SharedTheory, MemberData(nameof(ComponentsWithMaps))]
    public void A_component_with_a_character_map_equals_the_reference(string name) => Check(name, json =>
    {
        foreach (var model in new[] { "albert-spiece", "spm-unigram-fixture" })
        {
            var map = SentencePieceFile.Read(Fixtures.File("tokenizers", model, "tokenizer.model")).CharacterMap;
            json = json.Replace("@" + model, Convert.ToBase64String(map), StringComparison.Ordinal);
        }
        return json;
    });

    private static IEnumerable<object[]> Names(bool maps) => Lines
        .Where(line => line.Contains("precompiled_charsmap", StringComparison.Ordinal) == maps)
        .Select(line => new object[] { JsonNode.Parse(line)!["name"]!.GetValue<string>() });

    private void Check(string name, Func<string, string> complete)
    {
        var line = JsonNode.Parse(Lines.Single(line => line.StartsWith($"{{\"name\":\"{name}\"", StringComparison.Ordinal)))!;
        var definition = line["tokenizer"]!;
        definition["model"] ??= JsonNode.Parse("""{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0]]}""");
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), complete(definition.ToJsonString()), new UTF8Encoding(false));
        var tokenizer = TokenizerLoader.Load(_folder);
        Assert.NotEmpty(line["rows"]!.AsArray());
        foreach (var row in line["rows"]!.AsArray()) Check(tokenizer, row!.AsObject());
    }

    private static void Check(ITokenizer tokenizer, JsonObject row)
    {
        if (row["decoded"] is { } decoded)
        {
            Assert.Equal(decoded.GetValue<string>(), tokenizer.Decode(Ints(row, "ids")));
            Assert.Equal(row["kept"]!.GetValue<string>(), tokenizer.Decode(Ints(row, "ids"), false));
            return;
        }
        var text = row["text"]!.GetValue<string>();
        Assert.Equal(row["tokens"].Deserialize<string[]>(), tokenizer.Tokenize(text));
        if (row.ContainsKey("ids")) Assert.Equal(Ints(row, "ids"), tokenizer.Encode(text, false));
        if (!row.ContainsKey("special")) return;
        Assert.Equal(Ints(row, "special"), tokenizer.Encode(text));
        var pair = tokenizer.EncodePair(text, "a b");
        Assert.Equal([Ints(row, "pair"), Ints(row, "types"), Ints(row, "mask")], new[] { pair.Ids, pair.TypeIds, pair.SpecialTokensMask });
    }

    private static int[] Ints(JsonObject row, string name) => row[name].Deserialize<int[]>()!;
}
