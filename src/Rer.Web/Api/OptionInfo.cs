namespace Rer.Web.Api;

/// <summary>An option of a plan.</summary>
/// <param name="Name">As on the command line, without dashes.</param>
/// <param name="Group">What it belongs to.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Default">Its default; empty where it has none.</param>
/// <param name="Allowed">The interval it must lie in; empty where every value is allowed.</param>
public sealed record OptionInfo(string Name, string Group, string Summary, string Default, string Allowed);
