using Microsoft.Playwright;

namespace Rer.Web.Tests.Browser;

/// <summary>One browser with one page, and what went wrong in it.</summary>
public sealed class BrowserSession : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _errors = [];
    private readonly List<string> _outside = [];

    private BrowserSession(IPlaywright playwright, IBrowser browser, IPage page, string address)
    {
        (_playwright, _browser, Page, Address) = (playwright, browser, page, address);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") lock (_errors) _errors.Add($"{message.Type}: {message.Text} ({message.Location})");
        };
        page.PageError += (_, error) =>
        {
            lock (_errors) _errors.Add(error);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                lock (_outside) _outside.Add(request.Url);
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>The server's address.</summary>
    public string Address { get; }

    /// <summary>Errors and warnings on the console, and scripts that failed.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors) return [.. _errors];
        }
    }

    /// <summary>Requests that went anywhere but to the server.</summary>
    public IReadOnlyList<string> Outside
    {
        get
        {
            lock (_outside) return [.. _outside];
        }
    }

    /// <summary>Starts a browser.</summary>
    public static async Task<BrowserSession> Open(string address, bool dark = false, int width = 1440, int height = 1000)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await Chromium.Launch(playwright);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            AcceptDownloads = true,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        return new BrowserSession(playwright, browser, page, address);
    }

    /// <summary>Opens a page of the dashboard and waits until it is drawn.</summary>
    public async Task Go(string path)
    {
        await Page.GotoAsync(Address + path);
        await Page.WaitForSelectorAsync("main h1, main h2");
    }

    /// <summary>Waits until every chart on the page has been drawn.</summary>
    public Task ChartsDrawn() =>
        Page.WaitForFunctionAsync(
            "() => document.querySelectorAll('.plot').length > 0 && [...document.querySelectorAll('.plot')].every(p => p.dataset.drawn)");

    /// <summary>Chooses a file in the page's file input, as soon as the input listens.</summary>
    public async Task Choose(string name, string text)
    {
        await Page.WaitForFunctionAsync("() => document.querySelector('input[type=file]')?._blazorInputFileNextFileId !== undefined");
        await Page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload { Name = name, MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
    }

    /// <summary>Nothing was said on the console and nothing left the machine.</summary>
    public void AssertQuiet()
    {
        Assert.True(Errors.Count == 0, string.Join(Environment.NewLine, Errors));
        Assert.Empty(Outside);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
