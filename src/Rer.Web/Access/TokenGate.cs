using System.Net;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace Rer.Web.Access;

/// <summary>Lets in whoever has the token: a browser by a cookie, which the login link sets, any other program by a bearer.</summary>
internal static class TokenGate
{
    /// <summary>Where the token is given: in the address (`?token=`), or in the form that a browser without one is shown.</summary>
    public const string LoginPath = "/login";

    private const string Field = "token", Scheme = "Bearer ";

    // Whoever watches over the process asks without a token, and learns nothing but that it lives.
    private const string HealthPath = "/healthz";

    /// <summary>Turns away whoever has no token.</summary>
    public static IApplicationBuilder UseToken(this IApplicationBuilder app, AccessToken token) => app.Use((context, next) =>
    {
        var path = context.Request.Path;
        if (path.Equals(HealthPath, StringComparison.Ordinal)) return next(context);
        if (path.Equals(LoginPath, StringComparison.OrdinalIgnoreCase)) return LogIn(context, token);
        return IsLetIn(context, token) ? next(context) : TurnAway(context);
    });

    /// <summary>The link that logs a browser in.</summary>
    public static string Link(string address, AccessToken token) =>
        $"{address.TrimEnd('/')}{LoginPath}?{Field}={Uri.EscapeDataString(token.Text)}";

    private static bool IsLetIn(HttpContext context, AccessToken token)
    {
        var bearer = context.Request.Headers.Authorization.ToString();
        return bearer.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? token.Matches(bearer[Scheme.Length..].Trim())
            : token.Matches(context.Request.Cookies[CookieOf(context)]);
    }

    // Cookies are of a host, whatever the port: two dashboards on one machine would take each other's.
    private static string CookieOf(HttpContext context) => $"rer-{context.Connection.LocalPort}";

    private static async Task LogIn(HttpContext context, AccessToken token)
    {
        var given = HttpMethods.IsPost(context.Request.Method) ? await FromForm(context) : context.Request.Query[Field];
        if (given.Count == 0)
        {
            await ShowForm(context, null);
        }
        else if (!token.Matches(given))
        {
            await ShowForm(context, "That is not this dashboard's token. Each start makes another one and prints it.");
        }
        else
        {
            context.Response.Cookies.Append(CookieOf(context), token.Text, new CookieOptions
            {
                HttpOnly = true,
                // Sent along when a link to a page is followed, and never with what another site's page sends.
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                Path = "/",
                IsEssential = true,
            });
            // The token goes from the address line, and from the history with it.
            context.Response.Redirect("/");
        }
    }

    private static async Task<StringValues> FromForm(HttpContext context) =>
        context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))[Field] : StringValues.Empty;

    private static Task TurnAway(HttpContext context)
    {
        var isPage = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (HttpMethods.IsGet(context.Request.Method) && isPage) return ShowForm(context, null);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(new ProblemDetails
        {
            Status = StatusCodes.Status401Unauthorized,
            Detail = "This dashboard asks for the token that it prints when it starts: a header 'Authorization: Bearer TOKEN', "
                + $"or for `rer --server` the variable {AccessToken.Variable}.",
        }).ExecuteAsync(context);
    }

    private static Task ShowForm(HttpContext context, string? problem)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        // Under no-referrer a browser sends the form with `Origin: null`, which is no page of this server's.
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        var said = problem is null ? "" : $"<p role=\"alert\">{WebUtility.HtmlEncode(problem)}</p>";
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Log in – Rer</title>
            </head>
            <body>
            <main>
            <h1>Rer</h1>
            <p>This dashboard asks for a token. Open the link that it printed when it started, or write the token here.</p>
            {said}
            <form method="post" action="{LoginPath}">
            <label>Token <input name="{Field}" type="password" autocomplete="current-password" required autofocus></label>
            <button type="submit">Log in</button>
            </form>
            </main>
            </body>
            </html>
            """);
    }
}
