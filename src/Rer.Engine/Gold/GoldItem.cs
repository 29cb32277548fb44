namespace Rer.Engine.Gold;

/// <summary>A response to judge, with the query it answers (template not applied).</summary>
public readonly record struct GoldItem(string Query, string Response);
