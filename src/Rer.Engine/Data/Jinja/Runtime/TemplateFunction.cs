namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Something a template can call: a macro, a method, a function.</summary>
/// <param name="arguments">What it is called with.</param>
internal delegate object? TemplateFunction(Arguments arguments);
