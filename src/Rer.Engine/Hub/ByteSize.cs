using System.Globalization;

namespace Rer.Engine.Hub;

/// <summary>Numbers of bytes as people read them.</summary>
public static class ByteSize
{
    /// <summary>`4.1 GB`, `12.0 MB`, `0.5 kB`; units of a thousand, as the Hub's pages use them.</summary>
    public static string Text(double bytes) => bytes switch
    {
        >= 1e9 => (bytes / 1e9).ToString("F1", CultureInfo.InvariantCulture) + " GB",
        >= 1e6 => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1e3).ToString("F1", CultureInfo.InvariantCulture) + " kB",
    };
}
