using System.Buffers.Binary;
using System.Text;

namespace Rer.Engine.Tests.Packing;

/// <summary>A made-up ELF file that holds nothing but symbol versions: those it needs, by library, and those it defines.</summary>
internal static class ElfFile
{
    private const int HeaderSize = 64, SectionHeaderSize = 64;

    public static byte[] Write((string Library, string[] Versions)[] needs, params string[] defined)
    {
        var names = new MemoryStream();
        names.WriteByte(0);
        uint Name(string text)
        {
            var at = (uint)names.Length;
            names.Write(Encoding.ASCII.GetBytes(text + "\0"));
            return at;
        }

        var needed = new MemoryStream();
        for (var i = 0; i < needs.Length; i++)
        {
            var (library, versions) = needs[i];
            Put(needed, 1, (ushort)versions.Length);
            Put(needed, Name(library), 16, i + 1 < needs.Length ? 16 + (16 * (uint)versions.Length) : 0);
            for (var j = 0; j < versions.Length; j++)
            {
                Put(needed, 0u);
                Put(needed, 0, (ushort)(2 + j));
                Put(needed, Name(versions[j]), j + 1 < versions.Length ? 16u : 0);
            }
        }
        var definitions = new MemoryStream();
        for (var i = 0; i < defined.Length; i++)
        {
            Put(definitions, 1, 0, (ushort)(1 + i), 1);
            Put(definitions, 0, 20, i + 1 < defined.Length ? 28u : 0);
            Put(definitions, Name(defined[i]), 0u);
        }

        // After the header: names, needs, definitions; then one header for each, after that of section 0.
        (uint Type, byte[] Content, int Entries)[] sections =
            [(3, names.ToArray(), 0), (0x6ffffffe, needed.ToArray(), needs.Length), (0x6ffffffd, definitions.ToArray(), defined.Length)];
        var file = new MemoryStream();
        file.Write(new byte[HeaderSize]);
        var headers = new MemoryStream();
        headers.Write(new byte[SectionHeaderSize]);
        foreach (var (type, content, entries) in sections)
        {
            var header = new byte[SectionHeaderSize];
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x04), type);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x18), (ulong)file.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(0x20), (ulong)content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x28), 1); // the names are section 1
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(0x2c), (uint)entries);
            headers.Write(header);
            file.Write(content);
        }
        var sectionHeaders = file.Length;
        file.Write(headers.ToArray());

        var bytes = file.ToArray();
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x28), (ulong)sectionHeaders);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3a), SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3c), (ushort)(1 + sections.Length));
        return bytes;
    }

    private static void Put(MemoryStream stream, params ushort[] values)
    {
        foreach (var value in values) stream.Write(BitConverter.GetBytes(value));
    }

    private static void Put(MemoryStream stream, params uint[] values)
    {
        foreach (var value in values) stream.Write(BitConverter.GetBytes(value));
    }
}
