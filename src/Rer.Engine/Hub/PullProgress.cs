namespace Rer.Engine.Hub;

/// <summary>How far a pull is.</summary>
/// <param name="File">The file on its way; empty before the first and after the last.</param>
/// <param name="Files">Files that are whole and checked.</param>
/// <param name="AllFiles">Files in all.</param>
/// <param name="Bytes">Bytes here, those of an earlier attempt included.</param>
/// <param name="AllBytes">Bytes in all; 0 where the listing gives no sizes.</param>
/// <param name="BytesPerSecond">Rate of the last seconds; 0 before there is one.</param>
/// <param name="Remaining">Time to the end at that rate; null before there is one.</param>
/// <param name="Note">What is in the way, such as a connection that was cut; null while all goes well.</param>
public sealed record PullProgress(
    string File, int Files, int AllFiles, long Bytes, long AllBytes, double BytesPerSecond, TimeSpan? Remaining, string? Note);
