using System.Buffers.Binary;
using System.Text;

namespace Rer.DeviceCheck;

/// <summary>The symbols that a shared library of 64-bit Linux defines, and those that it asks of others without naming a version.</summary>
/// <remarks>libtorch's symbols have no versions; those of the C and C++ libraries do, and the loader checks them by itself.</remarks>
internal sealed class LibrarySymbols
{
    private const int SymbolSize = 24, RelocationSize = 24, SectionHeaderSize = 64;
    private const uint Relocations = 4, DynamicSymbols = 11, SymbolVersions = 0x6fffffff; // SHT_RELA, SHT_DYNSYM, SHT_GNU_versym
    private const int GlobalBinding = 1, WeakBinding = 2; // STB_GLOBAL, STB_WEAK
    private const uint Call = 7; // R_X86_64_JUMP_SLOT

    private LibrarySymbols(HashSet<string> defined, Dictionary<string, bool> asked) => (Defined, Asked) = (defined, asked);

    /// <summary>What other libraries find here.</summary>
    public IReadOnlySet<string> Defined { get; }

    /// <summary>What it asks for; true where it is looked up when it is called, false where the library does not load without it.</summary>
    public IReadOnlyDictionary<string, bool> Asked { get; }

    /// <exception cref="InvalidDataException">The file is not such a library.</exception>
    public static LibrarySymbols Read(string path)
    {
        using var file = File.OpenRead(path);
        var header = Part(file, 0, SectionHeaderSize);
        if (!header.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new InvalidDataException($"{path} is not a 64-bit ELF library.");
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(0x3c));
        var sections = Part(file, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(0x28)), (long)count * SectionHeaderSize)
            .Chunk(SectionHeaderSize).Select(Section.Read).ToArray();

        var table = sections.FirstOrDefault(section => section.Type == DynamicSymbols);
        if (table.Length == 0) throw new InvalidDataException($"{path} has no dynamic symbols.");
        var symbols = Part(file, table.Begin, table.Length);
        var names = Part(file, sections[table.Link].Begin, sections[table.Link].Length);
        var version = sections.FirstOrDefault(section => section.Type == SymbolVersions);
        var versions = Part(file, version.Begin, version.Length);
        var (called, atOnce) = (new HashSet<int>(), new HashSet<int>());
        foreach (var section in sections.Where(section => section.Type == Relocations))
            foreach (var relocation in Part(file, section.Begin, section.Length).Chunk(RelocationSize))
            {
                var kind = BinaryPrimitives.ReadUInt32LittleEndian(relocation.AsSpan(8));
                (kind == Call ? called : atOnce).Add(BinaryPrimitives.ReadInt32LittleEndian(relocation.AsSpan(12)));
            }

        var defined = new HashSet<string>();
        var asked = new Dictionary<string, bool>();
        for (var i = 0; i < symbols.Length / SymbolSize; i++)
        {
            var symbol = symbols.AsSpan(i * SymbolSize, SymbolSize);
            var binding = symbol[4] >> 4;
            var isDefined = BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]) != 0;
            if (binding is not (GlobalBinding or WeakBinding) || (!isDefined && binding == WeakBinding)) continue;
            var start = BinaryPrimitives.ReadInt32LittleEndian(symbol);
            var name = Encoding.ASCII.GetString(names.AsSpan(start, names.AsSpan(start).IndexOf((byte)0)));
            if (isDefined) defined.Add(name);
            else if (!HasVersion(i)) asked[name] = called.Contains(i) && !atOnce.Contains(i);
        }
        return new LibrarySymbols(defined, asked);

        // The first two numbers stand for "local" and "global": no version.
        bool HasVersion(int i) => versions.Length > 0 && (BinaryPrimitives.ReadUInt16LittleEndian(versions.AsSpan(i * 2)) & 0x7fff) > 1;
    }

    private static byte[] Part(FileStream file, long begin, long length)
    {
        if (begin < 0 || length < 0 || begin > file.Length - length)
            throw new InvalidDataException($"{file.Name}: its tables point outside of it.");
        var part = new byte[length];
        file.Position = begin;
        file.ReadExactly(part);
        return part;
    }

    private readonly record struct Section(uint Type, long Begin, long Length, int Link)
    {
        public static Section Read(byte[] header) => new(
            BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)),
            BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(0x18)),
            BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(0x20)),
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(0x28)));
    }
}
