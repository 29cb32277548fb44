using Rer.Engine.Runs.Planning;

namespace Rer.Web.Api;

/// <summary>Several plans to queue as one.</summary>
/// <param name="Name">What the sweep is called.</param>
/// <param name="Plans">The plans, in the order they are to run.</param>
public sealed record SweepRequest(string Name, IReadOnlyList<RunPlan> Plans);
