using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>Writes safetensors files.</summary>
public static class SafetensorsWriter
{
    /// <summary>Bytes written at a time.</summary>
    private const long ChunkBytes = 64 << 20;

    /// <summary>
    /// Writes <paramref name="tensors"/> to <paramref name="path"/>: to a file beside it, flushed to the disk, then renamed,
    /// so that a reader sees the old file or the new one and never half of one.
    /// </summary>
    /// <param name="path">Where; its folder must exist.</param>
    /// <param name="tensors">Any device and stride; written as contiguous data.</param>
    /// <param name="metadata">Free text for the header; `format: pt` is added, as Hugging Face's loaders want it.</param>
    /// <param name="type">Type that floating-point tensors are converted to; null keeps each one's own.</param>
    /// <exception cref="IOException">The disk is full or cannot be written; nothing is left behind.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        ScalarType? type = null)
    {
        ScalarType TypeOf(Tensor tensor) => type is { } wanted && tensor.is_floating_point() ? wanted : tensor.dtype;
        var ordered =
            tensors.OrderByDescending(item => TypeOf(item.Value).ElementSize()).ThenBy(item => item.Key, StringComparer.Ordinal).ToList();
        var partial = path + ".partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                WriteHeader(stream, [.. ordered.Select(item => (item.Key, item.Value.shape, TypeOf(item.Value)))], metadata);
                foreach (var (_, tensor) in ordered) WriteData(stream, tensor, TypeOf(tensor));
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error)
        {
            // What was written is of no use, and on a full disk it is in the way.
            try { File.Delete(partial); }
            catch (Exception cleanup) when (cleanup is IOException or UnauthorizedAccessException) { }
            if (error is IOException or UnauthorizedAccessException)
                throw new IOException($"{path}: could not be written: {error.Message}", error);
            throw;
        }
    }

    private static void WriteHeader(
        Stream stream, List<(string Name, long[] Shape, ScalarType Type)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
                if (key != "format") json.WriteString(key, value);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, shape, type) in tensors)
            {
                var bytes = shape.Aggregate(1L, (product, dimension) => product * dimension) * type.ElementSize();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsEntry.NameOf(type));
                json.WriteStartArray("shape");
                foreach (var dimension in shape) json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset + bytes);
                json.WriteEndArray();
                json.WriteEndObject();
                offset += bytes;
            }
            json.WriteEndObject();
        }
        // The data starts on a multiple of eight, so that readers may map it in place.
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, buffer.Length);
        stream.Write(length);
        buffer.WriteTo(stream);
    }

    private static void WriteData(Stream stream, Tensor tensor, ScalarType type)
    {
        if (tensor.numel() == 0) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var flat = tensor.detach().contiguous().view(-1);
        var atOnce = ChunkBytes / type.ElementSize();
        for (var start = 0L; start < flat.shape[0]; start += atOnce)
        {
            using var chunkScope = NewDisposeScope();
            stream.Write(flat.narrow(0, start, Math.Min(atOnce, flat.shape[0] - start)).to(type).cpu().bytes);
        }
    }
}
