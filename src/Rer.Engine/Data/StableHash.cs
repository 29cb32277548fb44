namespace Rer.Engine.Data;

/// <summary>FNV-1a over UTF-16 units: the same in every process, which <see cref="string.GetHashCode()"/> is not.</summary>
internal static class StableHash
{
    /// <summary>A 64-bit hash whose low bits are as mixed as its high ones.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text) hash = (hash ^ character) * 1099511628211UL;
        return hash ^ hash >> 32;
    }
}
