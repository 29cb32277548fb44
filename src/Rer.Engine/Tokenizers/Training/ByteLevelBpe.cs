using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rer.Engine.Tokenizers.Training;

/// <summary>A byte-level BPE vocabulary, and how it is written to files.</summary>
/// <param name="Tokens">The tokens by id, special tokens first, written in GPT-2's byte alphabet.</param>
/// <param name="Merges">The merges in the order in which they are applied.</param>
/// <param name="SpecialTokens">The special tokens: the first ids.</param>
public sealed record ByteLevelBpe(
    IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges, IReadOnlyList<string> SpecialTokens)
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the files that transformers reads: tokenizer.json, tokenizer_config.json, special_tokens_map.json.</summary>
    /// <param name="folder">The folder; it is made where it is not there.</param>
    /// <param name="bosToken">The special token that begins a sequence; encoding puts it before the text.</param>
    /// <param name="eosToken">The special token that ends a sequence; encoding does not add it.</param>
    /// <param name="padToken">The special token for padding.</param>
    /// <exception cref="ArgumentException">One of them is not among <see cref="SpecialTokens"/>.</exception>
    public void Save(string folder, string? bosToken = null, string? eosToken = null, string? padToken = null)
    {
        var roles = new[] { ("bos_token", bosToken), ("eos_token", eosToken), ("pad_token", padToken) }
            .Where(role => role.Item2 is not null).Select(role => (Name: role.Item1, Token: role.Item2!)).ToList();
        foreach (var (name, token) in roles)
            if (!SpecialTokens.Contains(token)) throw new ArgumentException($"{name} '{token}' is not among the special tokens.");
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, "tokenizer.json"), json => WriteTokenizer(json, bosToken));
        Write(Path.Combine(folder, "special_tokens_map.json"), json =>
        {
            foreach (var (name, token) in roles) json.WriteString(name, token);
        });
        Write(Path.Combine(folder, "tokenizer_config.json"), json =>
        {
            foreach (var (name, token) in roles) json.WriteString(name, token);
            json.WriteBoolean("clean_up_tokenization_spaces", false);
            json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        });
    }

    private static void Write(string file, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Layout))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        File.WriteAllBytes(file, buffer.WrittenSpan);
    }

    private void WriteTokenizer(Utf8JsonWriter json, string? bosToken)
    {
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        json.WriteNull("normalizer");
        WriteByteLevel(json, "pre_tokenizer");
        if (bosToken is null) WriteByteLevel(json, "post_processor");
        else WriteTemplate(json, bosToken);
        WriteByteLevel(json, "decoder");
        WriteModel(json);
    }

    private void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < SpecialTokens.Count; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", SpecialTokens[id]);
            foreach (var flag in new[] { "single_word", "lstrip", "rstrip", "normalized" }) json.WriteBoolean(flag, false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private void WriteTemplate(Utf8JsonWriter json, string bosToken)
    {
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        WritePieces(json, "single", bosToken, "A");
        WritePieces(json, "pair", bosToken, "A", "B");
        json.WriteStartObject("special_tokens");
        json.WriteStartObject(bosToken);
        json.WriteString("id", bosToken);
        json.WriteStartArray("ids");
        json.WriteNumberValue(SpecialTokens.ToList().IndexOf(bosToken));
        json.WriteEndArray();
        json.WriteStartArray("tokens");
        json.WriteStringValue(bosToken);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePieces(Utf8JsonWriter json, string name, string bosToken, params ReadOnlySpan<string> sequences)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < sequences.Length; i++)
        {
            WritePiece(json, "SpecialToken", bosToken, i);
            WritePiece(json, "Sequence", sequences[i], i);
        }
        json.WriteEndArray();
    }

    private static void WritePiece(Utf8JsonWriter json, string kind, string id, int typeId)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("id", id);
        json.WriteNumber("type_id", typeId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (var name in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" }) json.WriteNull(name);
        foreach (var flag in new[] { "fuse_unk", "byte_fallback", "ignore_merges" }) json.WriteBoolean(flag, false);
        json.WriteStartObject("vocab");
        for (var id = 0; id < Tokens.Count; id++) json.WriteNumber(Tokens[id], id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in Merges) json.WriteStringValue($"{left} {right}");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
