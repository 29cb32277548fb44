using System.Reflection;

namespace Rer.Web.Api;

/// <summary>
/// Refuses an address with a parameter that its endpoint does not take, or with one value too many: `limt=5` would otherwise answer
/// something else than was asked for.
/// </summary>
internal static class QueryNames
{
    /// <summary>Checks the addresses of every endpoint in a group.</summary>
    public static TBuilder RefuseUnknownParameters<TBuilder>(this TBuilder group)
        where TBuilder : IEndpointConventionBuilder => group.AddEndpointFilterFactory((endpoint, next) =>
    {
        var parameters = endpoint.MethodInfo.GetParameters().Where(IsValue)
            .ToDictionary(parameter => parameter.Name!, parameter => parameter.ParameterType);
        return invocation =>
        {
            Check(invocation.HttpContext, parameters);
            return next(invocation);
        };
    });

    private static void Check(HttpContext context, Dictionary<string, Type> parameters)
    {
        if (context.Request.Query.Count == 0) return;
        var known = parameters.Keys.Where(parameter => !context.Request.RouteValues.ContainsKey(parameter)).ToArray();
        foreach (var (name, values) in context.Request.Query)
        {
            if (known.FirstOrDefault(parameter => parameter.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } parameter)
            {
                var takes = known.Length == 0 ? "It takes none." : $"Known: {string.Join(", ", known)}.";
                throw new BadHttpRequestException($"The address has a parameter '{name}', which is not known. {takes}");
            }

            if (values.Count > 1 && !parameters[parameter].IsArray)
                throw new BadHttpRequestException($"{parameter}: is there {values.Count} times; it takes one value.");
        }
    }

    // What else an endpoint takes comes from the body or from the services.
    private static bool IsValue(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.IsPrimitive || type == typeof(string) || type == typeof(string[]);
    }
}
