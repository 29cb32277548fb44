namespace Rer.Engine.Data.Jinja;

/// <summary>Something that an expression cannot do; the node it happened in adds the place.</summary>
internal sealed class EvaluationException(string message) : Exception(message);
