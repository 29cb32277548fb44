namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>A place in a template's text; both count from 1.</summary>
internal readonly record struct Place(int Line, int Column);
