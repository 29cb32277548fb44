using System.Text.Json;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>Folders with bare vocabularies must encode as those with the tokenizer.json made from them.</summary>
public sealed class VocabularyFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-vocabulary-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [SharedFact]
    public void A_folder_of_vocab_json_and_merges_equals_the_reference() =>
        Check("gpt2", "vocab.json", "merges.txt", "tokenizer_config.json");

    [SharedFact]
    public void A_folder_of_vocab_txt_equals_the_reference() => Check("bert-base-uncased", "vocab.txt");

    [SharedFact]
    public void A_vocab_txt_has_its_padding_token()
    {
        File.Copy(Fixtures.File("tokenizers", "bert-base-uncased", "vocab.txt"), Path.Combine(_folder, "vocab.txt"));

        Assert.Equal(0, TokenizerLoader.Load(_folder).PadId);
    }

    [Fact]
    public void The_beginning_is_marked_where_the_configuration_asks_for_it()
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), "{\"a\": 0, \"b\": 1, \"ab\": 2, \"</s>\": 3}");
        File.WriteAllText(Path.Combine(_folder, "merges.txt"), "#version: 0.2\na b\n");
        File.WriteAllText(
            Path.Combine(_folder, "tokenizer_config.json"),
            "{\"tokenizer_class\": \"GPT2Tokenizer\", \"add_bos_token\": true, \"bos_token\": \"</s>\"}");

        Assert.Equal([3, 2, 0], TokenizerLoader.Load(_folder).Encode("aba"));
    }

    [SharedFact]
    public void A_folder_of_qwens_files_splits_digits_and_normalises()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixtures.File("tokenizers", "qwen", "tokenizer.json")));
        var model = json.RootElement.GetProperty("model");
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), model.GetProperty("vocab").GetRawText());
        File.WriteAllLines(Path.Combine(_folder, "merges.txt"), model.GetProperty("merges").EnumerateArray()
            .Select(merge => merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0]} {merge[1]}"));
        File.Copy(Fixtures.File("tokenizers", "qwen", "tokenizer_config.json"), Path.Combine(_folder, "tokenizer_config.json"));

        Check("qwen");
    }

    private void Check(string name, params string[] files)
    {
        foreach (var file in files) File.Copy(Fixtures.File("tokenizers", name, file), Path.Combine(_folder, file));
        var tokenizer = TokenizerLoader.Load(_folder);
        foreach (var row in GoldenSets.Rows(name, ".public.jsonl"))
        {
            var text = row.GetProperty("text").GetString()!;
            Assert.Equal(row.GetProperty("ids_special").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(text));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(tokenizer.Encode(text)));
        }
    }
}
