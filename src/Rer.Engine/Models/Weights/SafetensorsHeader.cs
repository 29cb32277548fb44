using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Rer.Engine.Input;

namespace Rer.Engine.Models.Weights;

/// <summary>
/// The header of a safetensors file: eight bytes of little-endian length, then JSON. Checked whole, so that what follows
/// can trust every offset. Source: the format's description in huggingface/safetensors.
/// </summary>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart)
{
    /// <summary>The format's own limit.</summary>
    private const long MaxLength = 100_000_000;

    /// <summary>Reads and checks the header at the start of <paramref name="file"/>.</summary>
    /// <param name="file">The file's first bytes; at least the header must be there.</param>
    /// <param name="fileLength">Bytes in the whole file.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="InvalidDataException">The file is not safetensors, or is damaged; the message says how.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> file, long fileLength, string path)
    {
        if (Impostor(file) is { } what) throw new InvalidDataException($"{path}: {what}");
        if (fileLength < 8)
            throw new InvalidDataException(
                $"{path}: {fileLength} bytes; a safetensors file starts with 8 bytes of header length. The file is truncated.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > MaxLength)
            throw new InvalidDataException(
                $"{path}: the header claims {length} bytes, over the format's limit of {MaxLength}. This is not a safetensors file, or it "
                    + "is damaged.");
        if (8 + (long)length > fileLength)
            throw new InvalidDataException(
                $"{path}: the header claims {length} bytes but the file has {fileLength - 8} after its length. The file is truncated: "
                    + "fetch it again.");

        var dataStart = 8 + (long)length;
        var json = Json(file.Slice(8, (int)length), path);
        var metadata = new Dictionary<string, string>();
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>();
        foreach (var property in json.EnumerateObject())
        {
            if (!names.Add(property.Name)) throw new InvalidDataException($"{path}: the header names '{Excerpt.Of(property.Name)}' twice.");
            if (property.Name == "__metadata__")
            {
                if (property.Value.ValueKind != JsonValueKind.Object)
                    throw new InvalidDataException($"{path}: __metadata__ is not a JSON object of strings.");
                foreach (var item in property.Value.EnumerateObject()) metadata[item.Name] = item.Value.ToString();
            }
            else
            {
                entries.Add(Entry(property, path));
            }
        }
        CheckLayout(entries, fileLength - dataStart, path);
        return new SafetensorsHeader(entries, metadata, dataStart);
    }

    /// <summary>What a file is that carries the name but not the format.</summary>
    private static string? Impostor(ReadOnlySpan<byte> file)
    {
        var start = Encoding.Latin1.GetString(file[..Math.Min(file.Length, 256)]);
        var text = start.TrimStart();
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "this is a Git LFS pointer, not the weights. Run `git lfs pull` in that folder, or download the file itself.";
        if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return "this is an HTML page saved under a .safetensors name (a login or error page). Download the file again.";
        if (start.StartsWith("PK\u0003\u0004", StringComparison.Ordinal))
            return "this is a zip archive (a PyTorch pickle file), not safetensors. Convert it with `safetensors.torch.save_file` in "
                + "Python; pickles are never read here.";
        if (start.StartsWith("GGUF", StringComparison.Ordinal))
            return "this is a GGUF file, not safetensors. Use the model's original Hugging Face folder.";
        return null;
    }

    private static JsonElement Json(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            var json = JsonText.Parse($"{path}: header", bytes.ToArray());
            return json.ValueKind == JsonValueKind.Object
                ? json : throw new InvalidDataException($"{path}: the header is JSON but not an object of tensors.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"{path}: the header is not JSON ({error.Message}). This is not a safetensors file, or it is damaged.", error);
        }
    }

    private static SafetensorsEntry Entry(JsonProperty property, string path)
    {
        try
        {
            var offsets = property.Value.GetProperty("data_offsets");
            if (offsets.GetArrayLength() != 2) throw new FormatException("data_offsets has not two numbers");
            var entry = new SafetensorsEntry(
                property.Name,
                property.Value.GetProperty("dtype").GetString() ?? throw new FormatException("dtype is null"),
                [.. property.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())],
                offsets[0].GetInt64(),
                offsets[1].GetInt64());
            if (entry.ElementSize is not { } size) throw new FormatException($"dtype {Excerpt.Of(entry.DType)} is not known");
            if (entry.Shape.Any(dimension => dimension < 0))
                throw new FormatException($"shape {SafetensorsEntry.Describe(entry.Shape)} has a negative dimension");
            if (entry.Begin < 0 || entry.End < entry.Begin)
                throw new FormatException($"data_offsets [{entry.Begin}, {entry.End}] are not a range");
            if (checked(entry.Count * size) != entry.End - entry.Begin)
                throw new FormatException(
                    $"{entry.DType} {SafetensorsEntry.Describe(entry.Shape)} takes {entry.Count * size} bytes, data_offsets give it "
                        + $"{entry.End - entry.Begin}");
            return entry;
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidDataException($"{path}: tensor '{Excerpt.Of(property.Name)}': {error.Message}.", error);
        }
    }

    /// <summary>Tensors must tile the data without holes or overlaps, to the file's end.</summary>
    private static void CheckLayout(List<SafetensorsEntry> entries, long dataLength, string path)
    {
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        SafetensorsEntry? previous = null;
        foreach (var entry in entries)
        {
            if (entry.End > dataLength)
                throw new InvalidDataException(
                    $"{path}: tensor '{Excerpt.Of(entry.Name)}' ends at byte {entry.End} of the data, but the file holds only "
                        + $"{dataLength}. The file is truncated: fetch it again.");
            var expected = previous?.End ?? 0;
            if (entry.Begin < expected)
                throw new InvalidDataException(
                    $"{path}: tensors '{Excerpt.Of(previous!.Name)}' and '{Excerpt.Of(entry.Name)}' overlap. The header is damaged.");
            if (entry.Begin > expected)
                throw new InvalidDataException(
                    $"{path}: {entry.Begin - expected} bytes before tensor '{Excerpt.Of(entry.Name)}' belong to no tensor. The header is "
                        + "damaged.");
            previous = entry;
        }
        var used = previous?.End ?? 0;
        if (used < dataLength)
            throw new InvalidDataException(
                $"{path}: {dataLength - used} bytes after the last tensor belong to no tensor. The header is damaged.");
    }
}
