using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rer.Torch.Tests;

/// <summary>A public type's members as lines of text, in the spelling of the list of TorchSharp's signatures.</summary>
internal static class SignatureText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    };

    /// <summary>One line a member; an enumeration is one line in all.</summary>
    internal static IEnumerable<string> Of(Type type)
    {
        if (type.IsEnum)
        {
            yield return string.Join(", ", Enum.GetNames(type).Select(name => $"{name}={Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}"));
            yield break;
        }
        foreach (var constructor in type.GetConstructors(Declared)) yield return $"ctor ({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared)) yield return $"field {Name(field.FieldType)} {field.Name}";
        foreach (var property in type.GetProperties(Declared)) yield return Property(property);
        foreach (var method in type.GetMethods(Declared))
        {
            if (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) continue;
            yield return Method(method);
        }
    }

    private static string Property(PropertyInfo property)
    {
        var index = property.GetIndexParameters();
        var parameters = index.Length > 0 ? $"[{string.Join(", ", index.Select(Parameter))}]" : "";
        var accessors = property.CanWrite ? " {get;set;}" : "";
        return $"prop {Name(property.PropertyType)} {property.Name}{parameters}{accessors}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(",", method.GetGenericArguments().Select(t => t.Name))}>" : "";
        return $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{generic}({Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var modifier = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref "
            : parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{modifier}{Name(type)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")}";
    }

    private static string Default(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.RawDefaultValue switch
        {
            null => "null",
            bool truth => truth ? "true" : "false",
            string text => $"\"{text}\"",
            var value when type.IsEnum => Enum.GetName(type, value) ?? value.ToString()!,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var value => value.ToString()!,
        };
    }

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        if (!type.IsGenericType) return type.Name;
        var arguments = type.GetGenericArguments();
        // The tuples of generic methods have no full name; the list spells those out.
        if (type.FullName?.StartsWith("System.ValueTuple", StringComparison.Ordinal) == true)
            return $"({string.Join(", ", arguments.Select(Name))})";
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments.Select(Name))}>";
    }
}
