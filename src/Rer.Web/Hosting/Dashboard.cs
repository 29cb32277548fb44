using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rer.Engine.Hub;
using Rer.Engine.Library;
using Rer.Engine.Playground;
using Rer.Engine.Rewards.Own;
using Rer.Engine.Runs;
using Rer.Web.Api;
using Rer.Web.Charts;
using Rer.Web.Components;
using Rer.Web.Lab;
using Rer.Web.Plans;
using Rer.Web.Preview;

namespace Rer.Web.Hosting;

/// <summary>Puts the server together.</summary>
public static class Dashboard
{
    /// <summary>Longest address, and longest message of a page, in bytes.</summary>
    private const int LongestMessage = 128 << 10;

    /// <summary>How long requests in progress are waited for when the program ends; the run in progress is saved meanwhile.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    /// <summary>A server over the store that <paramref name="options"/> name, not yet started.</summary>
    /// <param name="options">What the person who starts it decided.</param>
    /// <param name="sessions">Loads a run's models and data; null takes the engine's own.</param>
    /// <param name="measure">Measures a plan ahead of any run; null takes the engine's own.</param>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The features of the user's own cannot be read.</exception>
    public static WebApplication Build(
        ServerOptions options,
        Func<RunPlan, RunContext, IRunSession>? sessions = null,
        Func<RunPlan, Action<int>, CancellationToken, PlanMeasurement>? measure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. options.Configuration],
            ContentRootPath = AppContext.BaseDirectory,
            // The static assets of this project are found by their manifest beside the program.
            ApplicationName = typeof(Dashboard).Assembly.GetName().Name,
        });
        builder.WebHost.UseStaticWebAssets();
        // Assets of a build are otherwise read and packed anew at each request, without compression, in case they changed meanwhile.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.UseUrls((options.Urls ?? $"http://127.0.0.1:{FreePort.Find()}").Split(';'));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // It would warn that keys are kept unencrypted, which says nothing of keys that are never written.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var services = builder.Services;
        // The lab's texts travel in its address and in what the page says when the address changes.
        services.Configure<KestrelServerOptions>(server => server.Limits.MaxRequestLineSize = LongestMessage);
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new MemoryKeys());
        services.AddOpenApi(options => options.AddSchemaTransformer(MetricSchema.Describe));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            // The same JSON as in the store's files and exports.
            json.SerializerOptions.NumberHandling = RunJson.Compact.NumberHandling;
            json.SerializerOptions.PropertyNamingPolicy = RunJson.Compact.PropertyNamingPolicy;
            foreach (var converter in RunJson.Compact.Converters) json.SerializerOptions.Converters.Add(converter);
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.AddScoped<ChartModule>();
        services.AddSingleton(_ => RunStore.Open(options.Store));
        services.AddSingleton<RunFeed>();
        services.AddSingleton<StartingPlan>();
        services.AddSingleton<PreviewLoader>();
        services.AddSingleton<LabScorer>();
        services.AddSingleton(_ => new StudyLibrary(StudyLibrary.In(options.Store), Shipped()));
        services.AddSingleton(_ => new PullService(() => HubOptions.FromEnvironment()));
        if (options.AllowCode) AppContext.SetSwitch(CodeFeatures.Switch, true);
        services.AddSingleton(new FeatureCatalog(StudyLibrary.In(options.Store)));
        services.AddSingleton(provider => new RunCoordinator(
            provider.GetRequiredService<RunStore>(), provider.GetRequiredService<RunFeed>(), sessions ?? ((plan, context) => new RunSession(plan, context))));
        services.AddSingleton(provider => new PlanMeasurements(
            provider.GetRequiredService<RunStore>(), provider.GetRequiredService<RunCoordinator>(), measure));

        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<RunCoordinator>().BeginEnd());
        app.UseSecurityHeaders();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseApiErrors());
        app.UseAntiforgery();
        app.MapStaticAssets().Add(AskBeforeUse);
        var api = app.MapGroup("/api");
        api.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapRuns();
        api.MapSweeps();
        api.MapCompare();
        api.MapDesigns();
        app.MapOpenApi("/api/openapi.json");
        app.MapGet("/healthz", () => Results.Text("ok")).ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    /// <summary>A browser asks whether its copy is still the newest (by ETag) before it uses it: the files' names stay when their content changes.</summary>
    private static void AskBeforeUse(EndpointBuilder asset)
    {
        var serve = asset.RequestDelegate!;
        asset.RequestDelegate = context =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return serve(context);
        };
    }

    private static string[] Shipped() => PlaygroundPlans.Find() is { } shipped ? [shipped.Folder] : [];
}
