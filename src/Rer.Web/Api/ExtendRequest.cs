namespace Rer.Web.Api;

/// <summary>More steps for a run.</summary>
/// <param name="Steps">Steps in all.</param>
public sealed record ExtendRequest(int Steps);
