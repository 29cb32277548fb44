namespace Rer.Engine.Gold.Remote;

/// <summary>How a server is asked.</summary>
public sealed record EndpointOptions
{
    /// <summary>Texts in a request. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>How long an answer may take. Default 60 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is repeated after a failure that may pass. Default 5.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>
    /// The wait before the first repetition; each further one waits twice as long, up to half a minute. Default half a second.
    /// </summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Sent as a bearer token; null sends none.</summary>
    public string? Token { get; init; }
}
