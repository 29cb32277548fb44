using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja;

/// <summary>A template that cannot be read or rendered; the message begins with its name, the line and the column.</summary>
public sealed class TemplateException : FormatException
{
    /// <summary>An error without details.</summary>
    public TemplateException() { }

    /// <summary>An error with a message.</summary>
    public TemplateException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public TemplateException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An error at a place of a template.</summary>
    /// <param name="template">What the template is called.</param>
    /// <param name="at">Where it went wrong.</param>
    /// <param name="message">What went wrong.</param>
    internal TemplateException(string template, Place at, string message)
        : base($"{template}, line {at.Line}, column {at.Column}: {message}") => (Line, Column) = (at.Line, at.Column);

    /// <summary>The line, from 1; 0 where it is not known.</summary>
    public int Line { get; }

    /// <summary>The column, from 1; 0 where it is not known.</summary>
    public int Column { get; }
}
