using System.Text.Json;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Tokenizers;

public class GoldenParityTests
{
    private const string Texts = ".public.jsonl";
    private const string Decodes = ".decode.public.jsonl";
    private const string Pairs = ".pairs.public.jsonl";

    public static IEnumerable<object[]> TextSets => GoldenSets.Names(Texts);

    public static IEnumerable<object[]> ModelSets => GoldenSets.Names(".model" + Texts);

    public static IEnumerable<object[]> JsonDecodeSets => DecodeSets.Where(set => !IsModel((string)set[0]));

    public static IEnumerable<object[]> DecodeSets => GoldenSets.Names(Decodes);

    public static IEnumerable<object[]> PairSets => GoldenSets.Names(Pairs);

    [SharedTheory, MemberData(nameof(TextSets))]
    public void Ids_without_special_tokens_equal_the_reference(string name) => Check(name, Texts, (row, tokenizer) =>
        (Ints(row, "ids"), tokenizer.Encode(Text(row), false)));

    [SharedTheory, MemberData(nameof(TextSets))]
    public void Ids_with_special_tokens_equal_the_reference(string name) => Check(name, Texts, (row, tokenizer) =>
        (Ints(row, "ids_special"), tokenizer.Encode(Text(row))));

    [SharedTheory, MemberData(nameof(TextSets))]
    public void Literal_tokens_equal_the_reference(string name) => Check(name, Texts, (row, tokenizer) =>
    {
        var expected = row.GetProperty(IsModel(name) ? "pieces" : "tokens").EnumerateArray().Select(token => token.GetString()!);
        return (expected, tokenizer.Tokenize(Text(row)));
    });

    [SharedTheory, MemberData(nameof(TextSets))]
    public void Text_decoded_from_the_ids_equals_the_reference(string name) => Check(name, Texts, (row, tokenizer) =>
        (row.GetProperty("decoded").GetString()!, tokenizer.Decode(Ints(row, "ids_special"))));

    [SharedTheory, MemberData(nameof(TextSets))]
    public void Text_decoded_with_special_tokens_equals_the_reference(string name)
    {
        // SentencePiece knows no decoding that keeps control pieces; its sets decode BOS and EOS to nothing.
        var model = IsModel(name);
        Check(name, Texts, (row, tokenizer) => model
            ? (row.GetProperty("decoded_special").GetString()!, tokenizer.Decode(Ints(row, "ids_bos_eos")))
            : (row.GetProperty("decoded_keep").GetString()!, tokenizer.Decode(Ints(row, "ids_special"), false)));
    }

    [SharedTheory, MemberData(nameof(ModelSets))]
    public void Ids_with_both_ends_marked_equal_the_reference(string name)
    {
        var tokenizer = GoldenSets.SentencePiece(name + ".model", true, true);
        Check(name + ".model", Texts, (row, _) => (Ints(row, "ids_bos_eos"), tokenizer.Encode(Text(row))));
    }

    [SharedTheory, MemberData(nameof(DecodeSets))]
    public void Text_decoded_from_random_ids_equals_the_reference(string name) => Check(name, Decodes, (row, tokenizer) =>
        (row.GetProperty("decoded").GetString()!, tokenizer.Decode(Ints(row, "ids"))));

    // SentencePiece's sets have no such text.
    [SharedTheory, MemberData(nameof(JsonDecodeSets))]
    public void Text_decoded_from_random_ids_with_special_tokens_equals_it_too(string name) => Check(name, Decodes, (row, tokenizer) =>
        (row.GetProperty("decoded_keep").GetString()!, tokenizer.Decode(Ints(row, "ids"), false)));

    [SharedTheory, MemberData(nameof(PairSets))]
    public void Pairs_equal_the_reference(string name) => Check(name, Pairs, (row, tokenizer) =>
    {
        var pair = tokenizer.EncodePair(Text(row), row.GetProperty("pair").GetString()!);
        return (new[] { Ints(row, "ids"), Ints(row, "type_ids"), Ints(row, "special_mask") },
            new[] { pair.Ids, pair.TypeIds, pair.SpecialTokensMask });
    });

    private static bool IsModel(string name) => name.EndsWith(".model", StringComparison.Ordinal);

    private static string Text(JsonElement row) => row.GetProperty("text").GetString()!;

    private static int[] Ints(JsonElement row, string name) => row.GetProperty(name).EnumerateArray().Select(n => n.GetInt32()).ToArray();

    private static void Check<T>(string name, string ending, Func<JsonElement, ITokenizer, (T Expected, T Actual)> compare)
    {
        var tokenizer = GoldenSets.Tokenizer(name);
        var rows = GoldenSets.Rows(name, ending);
        Assert.NotEmpty(rows);
        var wrong = rows.Select(row => (Row: row, Pair: compare(row, tokenizer)))
            .Where(check => JsonSerializer.Serialize(check.Pair.Expected) != JsonSerializer.Serialize(check.Pair.Actual))
            .Select(check => $"{check.Row.GetRawText()[..Math.Min(200, check.Row.GetRawText().Length)]}\n"
                + $"  expected {JsonSerializer.Serialize(check.Pair.Expected)}\n  actual   {JsonSerializer.Serialize(check.Pair.Actual)}")
            .ToList();
        Assert.True(wrong.Count == 0, $"{name}: {wrong.Count} of {rows.Count} rows differ\n{string.Join('\n', wrong.Take(3))}");
    }
}
