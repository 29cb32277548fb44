namespace Rer.Engine.Hub;

/// <summary>A transfer that broke off and may be tried again: a cut connection, a stall, a server that is busy.</summary>
internal sealed class HubInterruption(string message, TimeSpan? wait = null, Exception? cause = null) : HubException(message, cause!)
{
    /// <summary>How long the server asks to wait (`Retry-After`); null where it does not say.</summary>
    public TimeSpan? Wait { get; } = wait;

    /// <summary>Whether what has come is of no use: the server does not go on from there.</summary>
    public bool StartsOver { get; init; }
}
