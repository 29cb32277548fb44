using Microsoft.AspNetCore.Mvc;
using Rer.Engine.Data;
using Rer.Engine.Options;
using Rer.Engine.Runs;

namespace Rer.Web.Api;

/// <summary>Turns the engine's refusals into answers that say what is wrong.</summary>
internal sealed class ApiErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PlanException error)
        {
            return TypedResults.Problem(new ProblemDetails
            {
                Status = StatusCodes.Status400BadRequest,
                Title = "The plan cannot be run.",
                Detail = error.Message,
                Extensions = { ["errors"] = error.Errors },
            });
        }
        catch (Exception error) when (error is InvalidOperationException)
        {
            return TypedResults.Problem(error.Message, statusCode: StatusCodes.Status409Conflict);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or DataFileException or InvalidDataException or BadHttpRequestException or IOException)
        {
            return TypedResults.Problem(error.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (StoreException error)
        {
            return TypedResults.Problem(error.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
