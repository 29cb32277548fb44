using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

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
        await using var context = new BunitContext();
        provide(context.Services);
        context.Services.AddScoped<Rer.Web.Charts.ChartModule>();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        context.Services.GetRequiredService<NavigationManager>().NavigateTo("?design=LI");
        var rendered = context.Render(builder =>
        {
            builder.OpenComponent<T>(0);
            foreach (var (name, value) in parameters) builder.AddComponentParameter(1, name, value);
            builder.CloseComponent();
        });
        return rendered.Markup;
    }
}
