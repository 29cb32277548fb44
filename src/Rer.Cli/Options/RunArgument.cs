using System.CommandLine;
using Rer.Cli.Remote;
using Rer.Engine.Runs;

namespace Rer.Cli.Options;

/// <summary>A run: its id, the beginning of one, or `latest`.</summary>
internal sealed class RunArgument : Argument<string>
{
    public RunArgument() : base("RUN") => Description = "A run's id, the beginning of one, or 'latest'.";

    /// <exception cref="ArgumentException">There is no such run, or several.</exception>
    public RunRecord Find(ParseResult parsed, IRunSource source) => Named(parsed.GetRequiredValue(this), source);

    /// <summary>The run that an id, the beginning of one, or `latest` names.</summary>
    /// <exception cref="ArgumentException">There is no such run, or several.</exception>
    public static RunRecord Named(string wanted, IRunSource source)
    {
        if (source.Run(wanted) is { } exact) return exact;
        var runs = source.Runs(new RunFilter());
        var found = wanted == "latest" ? runs.Take(1).ToArray() : [.. runs.Where(r => r.Id.StartsWith(wanted, StringComparison.Ordinal))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ArgumentException($"RUN: '{wanted}' is no run of {source.Name}. See: rer runs {source.Option}"),
            _ => throw new ArgumentException(
                $"RUN: '{wanted}' begins {found.Length} ids: {string.Join(", ", found.Take(5).Select(r => r.Id))}."),
        };
    }
}
