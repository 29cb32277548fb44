using System.Globalization;

namespace Rer.Engine.Tests.Hub;

/// <summary>What was asked of a <see cref="HubServer"/>.</summary>
/// <param name="Path">Path with query.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record HubServerRequest(string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The byte it wants to begin with; null where it wants all.</summary>
    public int? From =>
        Headers.TryGetValue("Range", out var range) ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : null;

    public string? Token => Headers.GetValueOrDefault("Authorization");
}
