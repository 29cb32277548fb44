using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Rer.Engine.Input;

namespace Rer.Web.Api;

/// <summary>
/// A request's JSON, read as plan files are: a field that is not known, is absent although it is needed, or is null where it may not be
/// is named with its path, all of them at once.
/// </summary>
/// <param name="Value">What was read.</param>
/// <typeparam name="T">What the body is.</typeparam>
internal sealed record Body<T>(T Value) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
{
    private const string Json = "application/json";

    /// <summary>Reads a body, up to the size that its endpoint allows.</summary>
    /// <exception cref="JsonInputException">It is not JSON of a <typeparamref name="T"/>; it has every field that is wrong.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or breaks off.</exception>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        if (content.Length == 0) throw new JsonInputException([new JsonFieldError("", "The request has no body; JSON is needed.")]);
        return new Body<T>(JsonInput.Read<T>(content.GetBuffer().AsSpan(0, (int)content.Length)));
    }

    /// <summary>Says what the body is, to the document that describes the interface.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([Json], typeof(T)));
}
