using Rer.Build;

namespace Rer.Engine.Tests.Packing;

/// <summary>Marking a needed version as weak, on a made-up file.</summary>
public sealed class ElfVersionsTests
{
    private const string Version = "GLIBCXX_3.4.32";

    private static readonly (string, string[])[] Needs =
        [("libc.so.6", ["GLIBC_2.34", "GLIBC_2.2.5"]), ("libstdc++.so.6", ["GLIBCXX_3.4.3", "GLIBCXX_3.4.32", "CXXABI_1.3"])];

    [Fact]
    public void Only_the_flags_of_the_version_change()
    {
        var file = ElfFile.Write(Needs);
        var marked = file.ToArray();

        Assert.True(ElfVersions.TryWeaken(marked, Version, out var reason));

        Assert.Null(reason);
        var changed = Assert.Single(Enumerable.Range(0, file.Length), i => file[i] != marked[i]);
        Assert.Equal(2, marked[changed]);
        // The needs begin after the header and the names: two libraries of 16 bytes and four versions before it, then its hash.
        var needs = file.AsSpan().IndexOf((byte[])[1, 0, 2, 0]);
        Assert.Equal(needs + (16 * 2) + (16 * 3) + 4, changed);
    }

    [Fact]
    public void A_version_marked_before_stays_as_it_is()
    {
        var file = ElfFile.Write(Needs);
        ElfVersions.TryWeaken(file, Version, out _);
        var again = file.ToArray();

        Assert.False(ElfVersions.TryWeaken(again, Version, out var reason));

        Assert.Equal("GLIBCXX_3.4.32 is marked as weak already", reason);
        Assert.Equal(file, again);
    }

    [Fact]
    public void A_file_that_does_not_need_the_version_stays_as_it_is()
    {
        var file = ElfFile.Write([("libstdc++.so.6", ["GLIBCXX_3.4.30"])], Version);
        var same = file.ToArray();

        Assert.False(ElfVersions.TryWeaken(same, Version, out var reason));

        Assert.Equal("it does not need GLIBCXX_3.4.32", reason);
        Assert.Equal(file, same);
    }

    [Theory]
    [InlineData(0x00, 0x00, "it is not a 64-bit little-endian ELF file")] // no ELF
    [InlineData(0x04, 0x01, "it is not a 64-bit little-endian ELF file")] // 32 bits
    [InlineData(0x05, 0x02, "it is not a 64-bit little-endian ELF file")] // big-endian
    [InlineData(0x3a, 0x28, "its section headers are not of the known size")]
    [InlineData(0x2a, 0xff, "its tables point outside of it")]
    [InlineData(0x2f, 0xff, "its section headers are not of the known size")] // a negative offset
    [InlineData(0x3c, 0xff, "its tables point outside of it")] // more sections than there are
    public void A_file_of_another_shape_is_left_with_the_reason(int at, byte value, string expected)
    {
        var file = ElfFile.Write(Needs);
        file[at] = value;
        var same = file.ToArray();

        Assert.False(ElfVersions.TryWeaken(same, Version, out var reason));

        Assert.Equal(expected, reason);
        Assert.Equal(file, same);
    }

    [Fact]
    public void No_byte_of_a_file_leads_outside_of_it()
    {
        var file = ElfFile.Write(Needs, Version);
        for (var at = 0; at < file.Length; at++)
        {
            var broken = file.ToArray();
            broken[at] = 0xff;
            _ = ElfVersions.TryWeaken(broken.ToArray(), Version, out _);
            _ = ElfVersions.Defines(broken, Version);
        }
        for (var length = 0; length < file.Length; length++) _ = ElfVersions.TryWeaken(file[..length], Version, out _);
    }

    [Fact]
    public void A_library_defines_the_versions_of_its_own_table_alone()
    {
        var file = ElfFile.Write(Needs, "libthis.so", "GLIBCXX_3.4.30", "GLIBCXX_3.4.31");

        Assert.True(ElfVersions.Defines(file, "GLIBCXX_3.4.31"));
        Assert.False(ElfVersions.Defines(file, "GLIBCXX_3.4.3"));
        Assert.False(ElfVersions.Defines(file, Version));
        Assert.False(ElfVersions.Defines([], Version));
    }
}
