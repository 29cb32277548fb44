namespace Rer.Engine.Data;

/// <summary>A turn of a dialogue.</summary>
/// <param name="Role">`system`, `user` or `assistant`.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatMessage(string Role, string Content);
