using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Rer.Engine.Options;

/// <summary>
/// One property of an options record, as a person sees it: a name, a text, a default, what is allowed. The command line, the
/// pages and the validation all read these, so an option is written down once: on its record.
/// </summary>
internal sealed class Option
{
    private readonly PropertyInfo _property;
    private readonly BoundsAttribute? _bounds;
    private readonly bool _defaultFromPaper;

    private Option(PropertyInfo property, OptionSectionAttribute section, object defaults)
    {
        _property = property;
        _bounds = property.GetCustomAttribute<BoundsAttribute>();
        _defaultFromPaper = section.DefaultsFromPaper;
        Name = section.Prefix + OptionNames.Kebab(property.Name);
        Summary = OptionDocumentation.SummaryOf(property);
        Default = property.GetValue(defaults);
    }

    /// <summary>The name, as the command line has it without dashes: `clip-range`.</summary>
    public string Name { get; }

    /// <summary>What it is, its default and where that comes from; the property's doc comment.</summary>
    public string Summary { get; }

    /// <summary>The default; null where the option has none.</summary>
    public object? Default { get; }

    /// <summary>The type of its values.</summary>
    public Type Type => _property.PropertyType;

    /// <summary>What is allowed: `(0, 1]`; empty where every value of the type is.</summary>
    public string Allowed => _bounds?.ToString() ?? "";

    /// <summary>Every option of a record marked with <see cref="OptionSectionAttribute"/>, in the order of its properties.</summary>
    public static IReadOnlyList<Option> Of(Type record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var section = record.GetCustomAttribute<OptionSectionAttribute>()
            ?? throw new ArgumentException($"{record} is not marked with {nameof(OptionSectionAttribute)}.");
        var defaults = Activator.CreateInstance(record)!;
        return [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && p.PropertyType.GetCustomAttribute<OptionSectionAttribute>() is null)
            .Select(p => new Option(p, section, defaults))];
    }

    /// <summary>Every value of <paramref name="options"/> that lies outside its bounds.</summary>
    public static IEnumerable<PlanError> CheckBounds(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Of(options.GetType()).Select(o => o.Check(options)).OfType<PlanError>();
    }

    /// <summary>The value in <paramref name="options"/>.</summary>
    public object? Value(object options) => _property.GetValue(options);

    /// <summary>A copy of <paramref name="options"/> with another value.</summary>
    /// <exception cref="PlanException"><paramref name="text"/> is no value of this option.</exception>
    public object With(object options, string text)
    {
        ArgumentNullException.ThrowIfNull(options);
        // What the compiler calls for a `with` expression.
        var copy = options.GetType().GetMethod("<Clone>$")!.Invoke(options, null)!;
        _property.SetValue(copy, Parse(text));
        return copy;
    }

    /// <summary>A value as it is written on a command line.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        string s => s,
        IEnumerable list => string.Join(',', list.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private object? Parse(string text)
    {
        var type = Nullable.GetUnderlyingType(Type) ?? Type;
        if (type == typeof(string)) return text;
        if (type == typeof(IReadOnlyList<string>))
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (type == typeof(bool)) return bool.TryParse(text, out var on) ? on : throw Refused("is neither true nor false.");
        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : throw Refused("is not a whole number.");
        }

        if (type == typeof(double))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Refused("is not a number.");
        }

        var parse = type.GetMethod("Parse", [typeof(string)]) ?? throw new NotSupportedException($"{type} cannot be read from text.");
        try
        {
            return parse.Invoke(null, [text]);
        }
        catch (TargetInvocationException e) when (e.InnerException is FormatException reason)
        {
            throw new PlanException([new PlanError(Name, "", reason.Message)]);
        }

        PlanException Refused(string why) => new([new PlanError(Name, $"'{text}'", why)]);
    }

    private PlanError? Check(object options)
    {
        if (_bounds is null) return null;
        var value = Value(options);
        if (_bounds.Contain(Convert.ToDouble(value, CultureInfo.InvariantCulture))) return null;
        var source = _defaultFromPaper ? "The paper uses" : "The default is";
        return new PlanError(Name, Text(value), $"is outside {_bounds}. {source} {Text(Default)}.");
    }
}
