namespace Rer.Web.Api;

/// <summary>Where a run is to stand in the queue.</summary>
/// <param name="Place">0 is the next to run.</param>
public sealed record MoveRequest(int Place);
