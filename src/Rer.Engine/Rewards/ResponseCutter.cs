namespace Rer.Engine.Rewards;

/// <summary>
/// Cuts a response where it should have ended: newlines and spaces stripped, all from the first stop string on dropped, stripped again.
/// </summary>
internal sealed class ResponseCutter
{
    // The published implementation marks the cut with this text and then splits at it, so a response that holds it is cut there too.
    private const string CutMark = "[STOP_SEQUENCE]";

    private readonly string[] _stops;

    /// <summary>Cuts at the earliest of these, and at the mark that the published implementation reserves.</summary>
    /// <param name="stopStrings">Plain texts, see <see cref="Data.Prompts.PromptTemplate.StopStrings"/>.</param>
    public ResponseCutter(IEnumerable<string> stopStrings) => _stops = [.. stopStrings, CutMark];

    /// <summary>The response up to its first stop string.</summary>
    public string Cut(string response)
    {
        var stripped = response.AsSpan().Trim("\n ");
        var end = stripped.Length;
        foreach (var stop in _stops)
        {
            // Only what stands before the earliest stop so far matters.
            var found = stripped[..end].IndexOf(stop, StringComparison.Ordinal);
            if (found >= 0) end = found;
        }

        return stripped[..end].Trim("\n ").ToString();
    }
}
