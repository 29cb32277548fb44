namespace Rer.Web.Api;

/// <summary>What a person writes on a run; what is null stays.</summary>
/// <param name="Note">The note.</param>
/// <param name="Tags">All tags.</param>
/// <param name="Starred">Whether it is starred.</param>
public sealed record AnnotateRequest(string? Note = null, IReadOnlyList<string>? Tags = null, bool? Starred = null);
