using System.Runtime.InteropServices;

namespace Rer.Engine.Input;

/// <summary>
/// Opens files that others wrote. What is no regular file is refused before a byte is read: a device never ends, a pipe may wait for
/// ever. Links are followed: what counts is the file they lead to, and so is its length.
/// </summary>
public static partial class InputFile
{
    /// <summary>Largest file that is read into memory whole where nothing else is said, in bytes: a configuration, a table of
    /// tensors.</summary>
    public const long LargestText = 256L << 20;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder, a device, a pipe or a socket.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Bytes of the file that a path leads to.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static long Length(string path)
    {
        var file = new FileInfo(path);
        // Of a link, .NET gives the length of the link itself.
        return (file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file).Length;
    }

    /// <summary>A file's bytes, where it has not too many.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes it may have.</param>
    /// <exception cref="InvalidDataException">It has more, or is no regular file; the message says which.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, long most = LargestText)
    {
        using var file = OpenRead(path);
        if (file.Length > most) throw new InvalidDataException($"{path}: {file.Length} bytes; at most {most} are read.");
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    /// <summary>What a stream without a known length gives, where it is not too much.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="most">Bytes it may give.</param>
    /// <exception cref="InvalidDataException">It gives more.</exception>
    public static byte[] ReadToEnd(Stream stream, string name, long most)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.Read(buffer) is > 0 and var read)
        {
            content.Write(buffer, 0, read);
            if (content.Length > most) throw new InvalidDataException($"{name}: more than {most} bytes, which is the most that is read.");
        }

        return content.ToArray();
    }

    /// <summary>A file's text, as <see cref="ReadAllBytes"/> reads it: UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="InvalidDataException">It is too large, no regular file, or not UTF-8; the message says which.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadAllText(string path, long most = LargestText)
    {
        var content = ReadAllBytes(path, most);
        return TextEncoding.Decode(content, out var problem) ?? throw new InvalidDataException($"{path}{problem}");
    }

    /// <summary>Whether a path leads to a regular file.</summary>
    public static bool Exists(string path) => IsThere(path) && KindOf(path) is null;

    private static void Require(string path)
    {
        if (Directory.Exists(path)) throw new InvalidDataException($"{path}: is a folder. A file is needed.");
        if (!IsThere(path)) throw new FileNotFoundException($"{path}: no such file.", path);
        if (KindOf(path) is { } kind)
            throw new InvalidDataException($"{path}: is {kind}. A regular file is needed: write its content to one first.");
    }

    /// <summary>Whether a path leads to something. Of a link that leads nowhere, .NET says it exists.</summary>
    private static bool IsThere(string path) =>
        File.Exists(path)
            && (new FileInfo(path) is { LinkTarget: null } || File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: true });

    /// <summary>What a path leads to that is no regular file; null where it is one, or where the system cannot tell.</summary>
    private static string? KindOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var status = default(Status);
        const int currentFolder = -100, follow = 0;
        const uint kind = 1;
        if (GetStatus(currentFolder, path, follow, kind, ref status) != 0) return null;
        return (status.Mode & 0xF000) switch
        {
            0x8000 => null,
            0x1000 => "a named pipe",
            0x2000 => "a character device",
            0x4000 => "a folder",
            0x6000 => "a block device",
            0xC000 => "a socket",
            _ => "no regular file",
        };
    }

    /// <summary>`statx`: opening a pipe to see what it is would wait for somebody to write to it.</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint mask, ref Status status);

    /// <summary>`struct statx`, the same on every Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
