namespace Rer.DeviceCheck;

/// <summary>Whether a libtorch that is not TorchSharp's own has what TorchSharp's library asks of it.</summary>
internal static class LibtorchCheck
{
    /// <summary>Says what is missing; false where TorchSharp's library cannot load.</summary>
    /// <param name="library">libLibTorchSharp.so.</param>
    /// <param name="folder">The folder that holds libtorch_cpu.so and what belongs to it.</param>
    /// <param name="output">Where the report goes.</param>
    /// <exception cref="InvalidDataException">A library there cannot be read.</exception>
    public static bool Run(string library, string folder, TextWriter output)
    {
        var asked = LibrarySymbols.Read(library).Asked;
        var found = new HashSet<string>();
        foreach (var pattern in (string[])["libtorch*.so", "libc10*.so"])
            foreach (var file in Directory.EnumerateFiles(folder, pattern))
                found.UnionWith(LibrarySymbols.Read(file).Defined);

        var missing = asked.Where(symbol => !found.Contains(symbol.Key))
            .OrderBy(symbol => symbol.Value).ThenBy(symbol => symbol.Key, StringComparer.Ordinal).ToList();
        var atOnce = missing.Count(symbol => !symbol.Value);
        output.WriteLine($"libtorch in {folder}: {asked.Count - missing.Count} of the {asked.Count} symbols that TorchSharp asks for");
        foreach (var (name, onCall) in missing) output.WriteLine($"  missing{(onCall ? " where it is called" : "")}: {name}");
        if (atOnce > 0)
        {
            output.WriteLine($"  TorchSharp cannot load on it: {atOnce} of them it needs at once.");
            output.WriteLine("  Put a python3 with torch 2.10 on PATH, or set LIBTORCH to its lib folder.");
            return false;
        }
        if (missing.Count > 0) output.WriteLine("  TorchSharp loads on it; a call to one of these ends the program.");
        return true;
    }
}
