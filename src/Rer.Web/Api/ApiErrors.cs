using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Rer.Engine.Data;
using Rer.Engine.Options;
using Rer.Engine.Runs;

namespace Rer.Web.Api;

/// <summary>Turns the engine's refusals, and requests that cannot be read, into answers that say what is wrong.</summary>
internal static class ApiErrors
{
    /// <summary>Adds it for what follows in the pipeline.</summary>
    public static IApplicationBuilder UseApiErrors(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        // An HTML page is no answer to a program.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        try
        {
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentLength: null })
                await Write(context, StatusCodes.Status404NotFound, $"{context.Request.Path}: there is no such thing here.");
        }
        catch (PlanException error) when (!context.Response.HasStarted)
        {
            await Write(context, StatusCodes.Status400BadRequest, error.Message, error.Errors);
        }
        catch (Exception error) when (!context.Response.HasStarted && StatusOf(error) is not null)
        {
            await Write(context, StatusOf(error)!.Value, error.InnerException is System.Text.Json.JsonException inner ? $"{error.Message} {inner.Message}" : error.Message);
        }
    });

    /// <summary>A value of an enumeration, in either case and with or without underscores.</summary>
    /// <exception cref="BadHttpRequestException">It is none; the message lists those there are.</exception>
    public static T Parse<T>(string parameter, string text)
        where T : struct, Enum => Enum.TryParse<T>(text.Replace("_", "", StringComparison.Ordinal), true, out var value) && Enum.IsDefined(value)
        ? value
        : throw new BadHttpRequestException($"{parameter} '{text}' is not known. Known: {string.Join(", ", Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]))}.");

    private static int? StatusOf(Exception error) => error switch
    {
        // A run or checkpoint that is not there, a state that does not allow it.
        StoreException => StatusCodes.Status503ServiceUnavailable,
        InvalidOperationException => StatusCodes.Status409Conflict,
        ArgumentException or FormatException or DataFileException or InvalidDataException or BadHttpRequestException or IOException => StatusCodes.Status400BadRequest,
        _ => null,
    };

    private static Task Write(HttpContext context, int status, string detail, IReadOnlyList<PlanError>? errors = null)
    {
        var problem = new ProblemDetails { Status = status, Title = errors is null ? null : "The plan cannot be run.", Detail = detail };
        if (errors is not null) problem.Extensions["errors"] = errors;
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }
}
