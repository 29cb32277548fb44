namespace Rer.Web.Hosting;

/// <summary>Keeps the page to this server's own scripts and this server to its own pages.</summary>
internal static class SecurityHeaders
{
    // plotly writes style attributes, and draws its exports from data and blob addresses.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    /// <summary>Adds the headers to every answer and refuses requests that another site's page sends.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // A browser names the page a request comes from. Without this check any open web page could drive the server
        // over a WebSocket, to which the same-origin policy does not apply.
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !SameHost(origin, context.Request.Host))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync($"Requests from {origin} are refused: this server answers its own pages only.");
        }
        return next(context);
    });

    private static bool SameHost(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, HostWithPort(uri, host), StringComparison.OrdinalIgnoreCase);

    // Uri.Authority leaves a scheme's default port out; a Host header may state it.
    private static string HostWithPort(Uri origin, HostString host) =>
        host.Port is { } port && !(origin.IsDefaultPort && port == origin.Port) ? $"{host.Host}:{port}" : host.Host;
}
