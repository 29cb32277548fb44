using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Rer.Engine.Data;
using Rer.Engine.Input;
using Rer.Engine.Options;
using Rer.Engine.Storage;

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
            var answer = context.Response;
            if (answer is { StatusCode: >= StatusCodes.Status400BadRequest, HasStarted: false, ContentLength: null, ContentType: null })
                await Write(context, answer.StatusCode, Bare(context));
        }
        catch (PlanException error) when (!context.Response.HasStarted)
        {
            await Write(context, StatusCodes.Status400BadRequest, error.Message, "The plan cannot be run.", error.Errors);
        }
        catch (JsonInputException error) when (!context.Response.HasStarted)
        {
            await Write(
                context, StatusCodes.Status400BadRequest, error.Message, "The body cannot be read.",
                [.. error.Errors.Select(wrong => new PlanError(wrong.Path, "", wrong.Message))]);
        }
        catch (Exception error) when (!context.Response.HasStarted && StatusOf(error) is not null)
        {
            await Write(context, StatusOf(error)!.Value, error.Message);
        }
    });

    private static int? StatusOf(Exception error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        // A run or checkpoint that is not there, a state that does not allow it.
        StoreException => StatusCodes.Status503ServiceUnavailable,
        InvalidOperationException => StatusCodes.Status409Conflict,
        ArgumentException or FormatException or DataFileException or InvalidDataException or IOException => StatusCodes.Status400BadRequest,
        _ => null,
    };

    /// <summary>What an answer without words of its own means.</summary>
    private static string Bare(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"{context.Request.Path}: there is no such thing here.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path}: does not take {context.Request.Method}.",
        StatusCodes.Status415UnsupportedMediaType => $"{context.Request.Path}: takes a body of Content-Type application/json.",
        var status => ReasonPhrases.GetReasonPhrase(status),
    };

    private static Task Write(HttpContext context, int status, string detail, string? title = null, IReadOnlyList<PlanError>? errors = null)
    {
        context.Response.StatusCode = status;
        title ??= ReasonPhrases.GetReasonPhrase(status);
        var problem = new ApiProblem { Status = status, Title = title, Detail = detail, Errors = errors };
        return TypedResults.Json(problem, contentType: "application/problem+json", statusCode: status).ExecuteAsync(context);
    }
}
