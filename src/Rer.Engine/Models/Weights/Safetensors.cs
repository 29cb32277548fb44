using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Rer.Engine.Input;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>
/// A safetensors file, memory-mapped. Opening reads the header alone; a tensor's bytes are paged in when it is read, and
/// go from the page cache to the tensor in one copy.
/// </summary>
public sealed unsafe partial class Safetensors : IDisposable
{
    /// <summary>Bytes copied at a time, so that a conversion needs no second copy of a large tensor.</summary>
    private const long ChunkBytes = 64 << 20;

    /// <summary>`MADV_DONTNEED`.</summary>
    private const int DoNotNeed = 4;

    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;

    private Safetensors(string path, SafetensorsHeader header, MemoryMappedFile map, MemoryMappedViewAccessor view, byte* file)
    {
        Path = path;
        Metadata = header.Metadata;
        _entries = header.Entries.ToDictionary(entry => entry.Name);
        _map = map;
        _view = view;
        _data = file + header.DataStart;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The header's free text: `format` and whatever its writer added.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => _entries;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not safetensors, is truncated, or its tensors overlap; the message names the file and the fault.
    /// </exception>
    public static Safetensors Open(string path)
    {
        var stream = InputFile.OpenRead(path);
        var length = stream.Length;
        if (length == 0)
        {
            stream.Dispose();
            throw new InvalidDataException($"{path}: the file is empty.");
        }

        var map = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        MemoryMappedViewAccessor? view = null;
        byte* file = null;
        try
        {
            view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref file);
            file += view.PointerOffset;
            var start = new ReadOnlySpan<byte>(file, (int)Math.Min(length, int.MaxValue));
            return new Safetensors(path, SafetensorsHeader.Parse(start, length, path), map, view, file);
        }
        catch
        {
            if (file is not null) view!.SafeMemoryMappedViewHandle.ReleasePointer();
            view?.Dispose();
            map.Dispose();
            throw;
        }
    }

    /// <summary>A new tensor on the CPU with the file's type and shape.</summary>
    /// <exception cref="InvalidDataException">The file has no such tensor, or its type is one this library cannot hold.</exception>
    public Tensor Read(string name)
    {
        var entry = Find(name);
        var tensor = empty([.. entry.Shape], TypeOf(entry));
        ReadInto(name, tensor);
        return tensor;
    }

    /// <summary>Copies a tensor into <paramref name="target"/>, converting to its type and device.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="target">Any tensor or view of the same shape.</param>
    /// <exception cref="InvalidDataException">The file has no such tensor, or the shapes differ.</exception>
    public void ReadInto(string name, Tensor target)
    {
        var entry = Find(name);
        if (!entry.Shape.SequenceEqual(target.shape))
            throw new InvalidDataException(
                $"{Path}: tensor '{name}' is {SafetensorsEntry.Describe(entry.Shape)}, {SafetensorsEntry.Describe(target.shape)} is "
                    + "needed.");
        if (entry.Count == 0) return;

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var type = TypeOf(entry);
        var direct = target.dtype == type && target.device_type == DeviceType.CPU && target.is_contiguous();
        if (entry.Shape.Count == 0)
        {
            Copy(entry, 0, entry.End - entry.Begin, target, type, direct);
            return;
        }
        var rowBytes = (entry.End - entry.Begin) / entry.Shape[0];
        var rowsAtOnce = Math.Max(1, ChunkBytes / rowBytes);
        for (var row = 0L; row < entry.Shape[0]; row += rowsAtOnce)
        {
            using var chunkScope = NewDisposeScope();
            var rows = Math.Min(rowsAtOnce, entry.Shape[0] - row);
            Copy(entry, row * rowBytes, rows * rowBytes, target.narrow(0, row, rows), type, direct);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private void Copy(SafetensorsEntry entry, long offset, long bytes, Tensor part, ScalarType type, bool direct)
    {
        var source = new ReadOnlySpan<byte>(_data + entry.Begin + offset, checked((int)bytes));
        if (direct)
        {
            source.CopyTo(part.bytes);
        }
        else
        {
            var staging = empty(part.shape, type);
            source.CopyTo(staging.bytes);
            part.copy_(staging);
        }
        LetGo(_data + entry.Begin + offset, bytes);
    }

    /// <summary>
    /// Takes pages that were copied out of this process: a model would else be resident twice while it loads. They stay in the system's
    /// cache, from where another read brings them back.
    /// </summary>
    private static void LetGo(byte* from, long bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        var page = (nuint)Environment.SystemPageSize;
        var begin = ((nuint)from + page - 1) / page * page;
        var end = ((nuint)from + (nuint)bytes) / page * page;
        // Advice that is not taken costs memory alone.
        if (end > begin) _ = Advise(begin, end - begin, DoNotNeed);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);

    private SafetensorsEntry Find(string name) =>
        _entries.TryGetValue(name, out var entry) ? entry : throw new InvalidDataException($"{Path}: there is no tensor '{name}'.");

    private ScalarType TypeOf(SafetensorsEntry entry) =>
        entry.Element
            ?? throw new InvalidDataException(
                $"{Path}: tensor '{entry.Name}' is {entry.DType}, which cannot be read here. Convert it to F32, F16 or BF16.");
}
