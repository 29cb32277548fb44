namespace Rer.Engine.Hub;

/// <summary>What an HTTP answer that is none means, and what would help.</summary>
internal static class HubFailure
{
    private const int LongestMessage = 300;

    /// <summary>The error of an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="subject">What was asked for; begins the message.</param>
    /// <param name="options">How the Hub is reached.</param>
    /// <param name="own">Whether the endpoint itself answered, and not a server it redirected to.</param>
    public static HubException Of(HttpResponseMessage response, string subject, HubOptions options, bool own)
    {
        var (status, host) = ((int)response.StatusCode, response.RequestMessage?.RequestUri?.Host ?? options.Endpoint.Host);
        // An address handed out for another server holds for some minutes only: asking the Hub again gives a new one.
        if (!own && status is 401 or 403 or 410)
            return new HubInterruption($"{subject}: {host} refuses the address it was reached by ({status}).");
        return status switch
        {
            401 or 403 => new HubException($"{subject}: {Denied(response, status, host, options)}{Said(response)}"),
            404 => new HubException($"{subject}: {Absent(response, host, options)}{Said(response)}"),
            416 => new HubInterruption($"{subject}: {host} does not continue where the transfer broke off (416).") { StartsOver = true },
            408 or 425 or 429 or >= 500 =>
                new HubInterruption($"{subject}: {host} is busy or failing ({status}{Phrase(response)}).", Wait(response, options.Time)),
            _ => new HubException($"{subject}: {host} answers {status}{Phrase(response)}.{Said(response)}"),
        };
    }

    private static string Denied(HttpResponseMessage response, int status, string host, HubOptions options)
    {
        if (Code(response) == "GatedRepo")
        {
            return $"access is gated ({status}). Accept the terms on the repository's page at {host}"
                + (options.Token is null ? ", then set HF_TOKEN to a token of that account."
                    : " with the account whose token HF_TOKEN holds.");
        }
        return options.Token is null
            ? $"{host} asks for a login ({status}): the name is wrong, or the repository is private. Check the name; for a private one set "
                + "HF_TOKEN to a token that may read it."
            : $"{host} does not let the token in HF_TOKEN read this ({status}): it is not valid, may not read this repository, or the name "
                + "is wrong.";
    }

    private static string Absent(HttpResponseMessage response, string host, HubOptions options) => Code(response) switch
    {
        "RevisionNotFound" => $"{host} has no such revision (404). --revision takes a branch, a tag or a commit; without it main is read.",
        "EntryNotFound" => $"{host} has no such file at this revision (404).",
        _ => $"{host} has no such repository or revision (404). Check the name, and --revision"
            + (options.Token is null ? "; a private one needs HF_TOKEN." : "."),
    };

    private static TimeSpan? Wait(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    private static string? Code(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Error-Code", out var values) ? values.FirstOrDefault() : null;

    private static string Phrase(HttpResponseMessage response) =>
        response.StatusCode.ToString() is var phrase && Enum.IsDefined(response.StatusCode) ? $", {phrase}" : "";

    /// <summary>The server's own words, made fit for a terminal.</summary>
    private static string Said(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("X-Error-Message", out var values)) return "";
        var text = new string([.. string.Join(' ', values).Where(c => !char.IsControl(c)).Take(LongestMessage)]).Trim();
        return text.Length == 0 ? "" : $" It says: {text}";
    }
}
