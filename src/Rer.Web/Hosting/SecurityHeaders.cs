using Rer.Web.Access;

namespace Rer.Web.Hosting;

/// <summary>Keeps the page to this server's own scripts and this server to its own pages.</summary>
internal static class SecurityHeaders
{
    // plotly writes style attributes, and draws its exports from data and blob addresses.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    /// <summary>
    /// Adds the headers to every answer, and refuses requests that call the server by a name that is not its own or that another site's
    /// page sends.
    /// </summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, AllowedHosts hosts) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        var (host, local) = (context.Request.Host, context.Connection.LocalIpAddress);
        if (!hosts.Allows(host, local))
        {
            return Refuse(
                context, StatusCodes.Status400BadRequest,
                $"'{host.Value}' is no name of this server. Names besides this machine's own are given when it is started: --allowed-hosts "
                    + "NAMES.");
        }

        // A browser names the page a request comes from. Without this check any open web page could drive the server
        // over a WebSocket, to which the same-origin policy does not apply.
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || hosts.AllowsOrigin(origin, host, context.Request.IsHttps, local)
            ? next(context)
            : Refuse(context, StatusCodes.Status403Forbidden,
                $"Requests from {origin} are refused: this server answers its own pages only.");
    });

    private static Task Refuse(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why);
    }
}
