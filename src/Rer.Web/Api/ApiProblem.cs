using Microsoft.AspNetCore.Mvc;
using Rer.Engine.Options;

namespace Rer.Web.Api;

/// <summary>Why a request was refused.</summary>
public sealed class ApiProblem : ProblemDetails
{
    /// <summary>Everything that is wrong, one entry a field or an option of a plan; null where it is of another kind.</summary>
    public IReadOnlyList<PlanError>? Errors { get; init; }
}
