namespace Rer.Engine.Hub;

/// <summary>How the Hub is reached.</summary>
public sealed record HubOptions
{
    /// <summary>Where the Hub answers. Default https://huggingface.co; `HF_ENDPOINT` names a mirror.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Access token, sent to the endpoint alone; null reads what is public. From `HF_TOKEN`.</summary>
    public string? Token { get; init; }

    /// <summary>Failures in a row, without a byte between them, after which a transfer is given up. Default 6.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>Wait before the first new attempt; doubles with each, up to <see cref="LongestWait"/>. Default a second.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before a new attempt. Default 30 seconds.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without a byte after which a connection counts as cut. Default a minute.</summary>
    public TimeSpan StallTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes free on the disk of a folder.</summary>
    public Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>The clock that waits and rates are taken by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The options that environment variables set: `HF_ENDPOINT` and `HF_TOKEN`.</summary>
    /// <param name="variable">Reads a variable; null is the process's own environment.</param>
    /// <exception cref="HubException">The endpoint is no address, the token would travel unencrypted, or `HF_HUB_OFFLINE` forbids it
    /// all.</exception>
    public static HubOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        if (variable("HF_HUB_OFFLINE")?.Trim().ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON")
            throw new HubException("HF_HUB_OFFLINE: is set, so nothing is fetched. Unset it to pull.");
        var options = new HubOptions { Token = variable("HF_TOKEN")?.Trim() is { Length: > 0 } token ? token : null };
        if (variable("HF_ENDPOINT")?.Trim() is { Length: > 0 } endpoint)
        {
            if (!Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw new HubException($"HF_ENDPOINT: '{endpoint}' is no address. Write one such as https://huggingface.co.");
            options = options with { Endpoint = address };
        }
        if (options.Token is not null && options.Endpoint.Scheme == "http" && !options.Endpoint.IsLoopback)
            throw new HubException(
                $"HF_ENDPOINT: the token in HF_TOKEN would travel unencrypted to {options.Endpoint}. Use an https address, or unset "
                    + "HF_TOKEN.");
        if (options.Token is not null && options.Token.Any(c => c is <= ' ' or > '~'))
            throw new HubException("HF_TOKEN: holds characters that no token has. Copy it again from the Hub's settings.");
        return options;
    }
}
