using System.Text.RegularExpressions;

namespace Rer.Engine.Gold.Remote;

/// <summary>
/// Tokens of servers, in environment variables named `RER_TOKEN_...` and no others: a plan, which anybody may write, names the variable.
/// `RER_TOKEN_GOLD_HOST` says which host the token in `RER_TOKEN_GOLD` is for, as `HOST` or `HOST:PORT`. A token goes to that host
/// alone; one that is for no host goes to servers on this machine alone.
/// </summary>
internal static partial class EndpointToken
{
    private const string Prefix = "RER_TOKEN_", HostSuffix = "_HOST";

    /// <summary>What keeps a variable's token from being sent to a server, in a sentence for plans; null where nothing does.</summary>
    /// <param name="variable">The variable's name.</param>
    /// <param name="server">Where it would be sent to.</param>
    public static string? Problem(string variable, Uri server)
    {
        if (!IsName(variable))
        {
            return $"token '{variable}' is no variable that may be sent to a server. Such a one is named {Prefix} and more, "
                + $"for example {GoldSource.TokenVariable}, and {GoldSource.TokenVariable}{HostSuffix} then names the host that it is for.";
        }

        if (Value(variable) is null) return $"takes its token from the environment variable {variable}, which is not set.";
        return IsFor(variable, server)
            ? null
            : $"takes its token from {variable}, which is for another host than {server.Authority}. {variable}{HostSuffix} names the host.";
    }

    /// <summary>The token in a variable; null where there is none, or none for this server.</summary>
    public static string? Of(string variable, Uri server) => IsName(variable) && IsFor(variable, server) ? Value(variable) : null;

    private static bool IsName(string variable) =>
        variable.StartsWith(Prefix, StringComparison.Ordinal) && variable.Length > Prefix.Length
        && !variable.EndsWith(HostSuffix, StringComparison.Ordinal);

    private static bool IsFor(string variable, Uri server)
    {
        if (Value(variable + HostSuffix) is not { } host) return server.IsLoopback;
        return Uri.TryCreate($"{server.Scheme}://{host}", UriKind.Absolute, out var bound)
            && string.Equals(bound.IdnHost, server.IdnHost, StringComparison.OrdinalIgnoreCase)
            && (!Port().IsMatch(host) || bound.Port == server.Port);
    }

    private static string? Value(string variable) =>
        Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } value ? value : null;

    [GeneratedRegex(@":\d+$")]
    private static partial Regex Port();
}
