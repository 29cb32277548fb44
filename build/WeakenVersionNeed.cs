#nullable disable
using System;
using System.Collections.Generic;
using System.IO;

namespace Rer.Build;

#if !WITHOUT_MSBUILD // The tests compile this file too, where there is no MSBuild.
/// <summary>
/// MSBuild task: lets an ELF library load on a system whose C++ library is too old for it, by marking the missing version as weak.
/// </summary>
/// <remarks>
/// libLibTorchSharp.so asks for GLIBCXX_3.4.32 (GCC 13) because of one symbol that it never calls: including &lt;iostream&gt; names it.
/// The loader refuses a library whose version needs are not met, except those that are marked as weak. Where the version is there,
/// the mark changes nothing. The package's file stays as it is: what is written is a copy.
/// </remarks>
public sealed class WeakenVersionNeed : Microsoft.Build.Utilities.Task
{
    /// <summary>The library, as its package has it.</summary>
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; }

    /// <summary>The version that may be missing, such as GLIBCXX_3.4.32.</summary>
    [Microsoft.Build.Framework.Required]
    public string Version { get; set; }

    /// <summary>Where the marked copy goes. None is written where none is needed.</summary>
    [Microsoft.Build.Framework.Required]
    public string Copy { get; set; }

    /// <summary>Marks the version even where this system has it: a published folder may be carried to another.</summary>
    public bool Always { get; set; }

    public override bool Execute()
    {
        var name = Path.GetFileName(Library);
        if (!Always && SystemHas(Version))
        {
            Log.LogMessage("{0} stays as it is: this system has {1}.", name, Version);
            return true;
        }

        var file = File.ReadAllBytes(Library);
        if (!ElfVersions.TryWeaken(file, Version, out var reason))
        {
            Log.LogMessage(Microsoft.Build.Framework.MessageImportance.High, "{0} stays as it is: {1}.", name, reason);
            return true;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copy)));
        // A new file takes the name: an old one may be linked from elsewhere.
        File.Delete(Copy);
        File.WriteAllBytes(Copy, file);
        Log.LogMessage("{0}: {1} is marked as weak in {2}.", name, Version, Copy);
        return true;
    }

    /// <summary>Whether the C++ library that this process runs on has a version; false where none is found.</summary>
    private static bool SystemHas(string version)
    {
        const string Maps = "/proc/self/maps";
        if (!File.Exists(Maps)) return false;
        foreach (var line in File.ReadAllLines(Maps))
        {
            if (line.IndexOf("/libstdc++.so.6", StringComparison.Ordinal) < 0) continue;
            var library = line.Substring(line.IndexOf('/'));
            return File.Exists(library) && ElfVersions.Defines(File.ReadAllBytes(library), version);
        }
        return false;
    }
}
#endif

/// <summary>The symbol versions that a 64-bit little-endian ELF file needs and defines, found by its section headers.</summary>
internal static class ElfVersions
{
    private const int HeaderSize = 64, SectionHeaderSize = 64;
    private const uint DefinitionsSection = 0x6ffffffd, NeedsSection = 0x6ffffffe; // SHT_GNU_verdef, SHT_GNU_verneed
    private const byte Weak = 2; // VER_FLG_WEAK

    /// <summary>Marks the need for a version as weak, in place.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="version">The version's name.</param>
    /// <param name="reason">Why the file was left as it was; null where it was marked.</param>
    public static bool TryWeaken(byte[] file, string version, out string reason)
    {
        reason = null;
        try
        {
            var flags = FlagsOfNeed(file, version);
            if (flags < 0) reason = "it does not need " + version;
            else if ((file[flags] & Weak) != 0) reason = version + " is marked as weak already";
            else file[flags] |= Weak;
        }
        catch (InvalidDataException unexpected)
        {
            reason = unexpected.Message;
        }
        return reason == null;
    }

    /// <summary>Whether a library defines a version; false where the file is not of the expected shape.</summary>
    public static bool Defines(byte[] file, string version)
    {
        try
        {
            foreach (var section in Sections(file, DefinitionsSection))
            {
                var definition = section.Begin;
                for (var left = section.Entries; left > 0; left--)
                {
                    var name = definition + Number(file, definition + 12, 4); // vd_aux
                    if (HasName(file, section.Names + Number(file, name, 4), version)) return true; // vda_name
                    definition += Number(file, definition + 16, 4); // vd_next
                }
            }
        }
        catch (InvalidDataException)
        {
        }
        return false;
    }

    /// <summary>Where a need's vna_flags stand in the file; -1 where the version is not needed.</summary>
    private static long FlagsOfNeed(byte[] file, string version)
    {
        foreach (var section in Sections(file, NeedsSection))
        {
            var library = section.Begin;
            for (var left = section.Entries; left > 0; left--)
            {
                var need = library + Number(file, library + 8, 4); // vn_aux
                for (var versions = Number(file, library + 2, 2); versions > 0; versions--) // vn_cnt
                {
                    if (HasName(file, section.Names + Number(file, need + 8, 4), version)) return need + 4; // vna_name, vna_flags
                    var next = Number(file, need + 12, 4); // vna_next, 0 in the last
                    if (next == 0) break;
                    need += next;
                }
                library += Number(file, library + 12, 4); // vn_next
            }
        }
        return -1;
    }

    private static List<VersionSection> Sections(byte[] file, uint type)
    {
        if (Number(file, 0, 4) != 0x464c457f || Number(file, 4, 1) != 2 || Number(file, 5, 1) != 1)
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        var headers = Number(file, 0x28, 8);
        var count = Number(file, 0x3c, 2);
        if (headers < HeaderSize || Number(file, 0x3a, 2) != SectionHeaderSize)
            throw new InvalidDataException("its section headers are not of the known size");

        var found = new List<VersionSection>();
        for (var i = 0L; i < count; i++)
        {
            var header = headers + (i * SectionHeaderSize);
            if (Number(file, header + 4, 4) != type) continue;
            var names = headers + (Number(file, header + 0x28, 4) * SectionHeaderSize); // sh_link
            var section = new VersionSection
            {
                Begin = Number(file, header + 0x18, 8), // sh_offset
                Entries = Number(file, header + 0x2c, 4), // sh_info
                Names = Number(file, names + 0x18, 8),
            };
            // Each entry takes 16 bytes at least.
            if (section.Entries > file.Length / 16) throw new InvalidDataException("its tables point outside of it");
            found.Add(section);
        }
        return found;
    }

    private static bool HasName(byte[] file, long at, string name)
    {
        for (var i = 0; i < name.Length; i++)
            if (Number(file, at + i, 1) != name[i]) return false;
        return Number(file, at + name.Length, 1) == 0;
    }

    /// <summary>A little-endian number of 1 to 8 bytes.</summary>
    private static long Number(byte[] file, long at, int bytes)
    {
        if (at < 0 || at > file.Length - bytes) throw new InvalidDataException("its tables point outside of it");
        var number = 0L;
        for (var i = bytes - 1; i >= 0; i--) number = (number << 8) | file[at + i];
        return number;
    }

    private struct VersionSection
    {
        /// <summary>Where its first entry and its names begin, in bytes from the file's start.</summary>
        public long Begin, Names;

        public long Entries;
    }
}
