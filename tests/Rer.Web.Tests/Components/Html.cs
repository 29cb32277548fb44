using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;

namespace Rer.Web.Tests.Components;

/// <summary>Components rendered to HTML, without a browser.</summary>
internal static class Html
{
    public static Task<string> Of<T>(params (string Name, object? Value)[] parameters)
        where T : IComponent => Of<T>(_ => { }, parameters);

    /// <summary>The same of a component that asks for services.</summary>
    public static async Task<string> Of<T>(Action<IServiceCollection> provide, params (string Name, object? Value)[] parameters)
        where T : IComponent
    {
        var services = new ServiceCollection();
        provide(services);
        services.AddSingleton<IJSRuntime, NoBrowser>();
        services.AddSingleton<NavigationManager, OnePlace>();
        services.AddScoped<Rer.Web.Charts.ChartModule>();
        await using var provider = services.BuildServiceProvider();
        await using var renderer = new HtmlRenderer(provider, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root =
                await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value)));
            return root.ToHtmlString();
        });
    }

    private sealed class OnePlace : NavigationManager
    {
        protected override void EnsureInitialized() => Initialize("http://dashboard/", "http://dashboard/?design=LI");
    }

    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) =>
            throw new InvalidOperationException("There is no browser.");

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            throw new InvalidOperationException("There is no browser.");
    }
}
