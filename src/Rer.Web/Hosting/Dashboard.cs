using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rer.Engine.Hub;
using Rer.Engine.Input;
using Rer.Engine.Library;
using Rer.Engine.Playground;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Web.Access;
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

    /// <summary>Largest body of a request, in bytes, where its endpoint does not allow more.</summary>
    private const int LargestBody = 1 << 20;

    /// <summary>How long requests in progress are waited for when the program ends; the run in progress is saved meanwhile.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    /// <summary>A server over the store that <paramref name="options"/> name, not yet started.</summary>
    /// <param name="options">What the person who starts it decided.</param>
    /// <param name="sessions">Loads a run's models and data; null takes the engine's own.</param>
    /// <param name="measure">Measures a plan ahead of any run; null takes the engine's own.</param>
    /// <exception cref="ArgumentException">The environment has a token that is none.</exception>
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
        var urls = (options.Urls ?? $"http://127.0.0.1:{FreePort.Find()}").Split(';');
        builder.WebHost.UseUrls(urls);
        var doors = Doors.Of(options, Listened(builder.Configuration, urls));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // It would warn that keys are kept unencrypted, which says nothing of keys that are never written.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        AddFramework(builder.Services, doors);
        AddEngine(builder.Services, options, sessions, measure);
        builder.Services.AddSingleton(doors);

        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<RunCoordinator>().BeginEnd());
        Map(app, doors);
        return app;
    }

    /// <summary>Pages, API and their bounds.</summary>
    private static void AddFramework(IServiceCollection services, Doors doors)
    {
        // The lab's texts travel in its address and in what the page says when the address changes.
        services.Configure<KestrelServerOptions>(server =>
        {
            server.Limits.MaxRequestLineSize = LongestMessage;
            server.Limits.MaxRequestBodySize = LargestBody;
        });
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new MemoryKeys());
        services.AddOpenApi(document => document.Describe(doors));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            // The same JSON as in the store's files and exports; bodies are read by Body<T>.
            json.SerializerOptions.NumberHandling = JsonInput.Options.NumberHandling;
            json.SerializerOptions.PropertyNamingPolicy = JsonInput.Options.PropertyNamingPolicy;
            json.SerializerOptions.RespectNullableAnnotations = JsonInput.Options.RespectNullableAnnotations;
            json.SerializerOptions.RespectRequiredConstructorParameters = JsonInput.Options.RespectRequiredConstructorParameters;
            json.SerializerOptions.UnmappedMemberHandling = JsonInput.Options.UnmappedMemberHandling;
            foreach (var converter in JsonInput.Options.Converters) json.SerializerOptions.Converters.Add(converter);
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.AddScoped<ChartModule>();
    }

    /// <summary>The store, and all that reads it, trains into it or measures beside it.</summary>
    private static void AddEngine(
        IServiceCollection services,
        ServerOptions options,
        Func<RunPlan, RunContext, IRunSession>? sessions,
        Func<RunPlan, Action<int>, CancellationToken, PlanMeasurement>? measure)
    {
        services.AddSingleton(new DataRoots([options.Store, .. Shipped(), .. options.DataRoots]));
        services.AddSingleton<IRunStore>(_ => RunStore.Open(options.Store));
        services.AddSingleton<RunFeed>();
        services.AddSingleton<StartingPlan>();
        services.AddSingleton<PreviewLoader>();
        services.AddSingleton<LabScorer>();
        services.AddSingleton(_ => new StudyLibrary(StudyLibrary.In(options.Store), [.. Shipped(), .. options.DataRoots]));
        services.AddSingleton(_ => new PullService(() => HubOptions.FromEnvironment()));
        if (options.AllowCode) AppContext.SetSwitch(CodeFeatures.Switch, true);
        services.AddSingleton(new FeatureCatalog(StudyLibrary.In(options.Store)));
        services.AddSingleton(provider => new RunCoordinator(
            provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<RunFeed>(),
            sessions ?? ((plan, context) => new RunSession(plan, context)),
            provider.GetRequiredService<DataRoots>().Validate));
        services.AddSingleton(provider => new PlanBenchmarkService(
            provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<RunCoordinator>(),
            measure,
            provider.GetRequiredService<DataRoots>().Validate));
    }

    /// <summary>What answers a request, in the order in which it is asked.</summary>
    private static void Map(WebApplication app, Doors doors)
    {
        app.UseSecurityHeaders(doors.Hosts);
        if (doors.Token is { } token) app.UseToken(token);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseApiErrors());
        app.UseAntiforgery();
        app.MapStaticAssets().Add(AskBeforeUse);
        var api = app.MapGroup("/api");
        foreach (var refused in new[] { StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict })
            api.WithMetadata(new ProducesResponseTypeMetadata(refused, typeof(ApiProblem), ["application/problem+json"]));
        api.RefuseUnknownParameters();
        api.MapRuns();
        api.MapSweeps();
        api.MapCompare();
        api.MapDesigns();
        app.MapOpenApi("/api/openapi.json");
        app.MapGet("/healthz", () => Results.Text("ok")).ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    /// <summary>
    /// A browser asks whether its copy is still the newest (by ETag) before it uses it: the files' names stay when their content changes.
    /// </summary>
    private static void AskBeforeUse(EndpointBuilder asset)
    {
        var serve = asset.RequestDelegate!;
        asset.RequestDelegate = context =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return serve(context);
        };
    }

    /// <summary>
    /// Every address that the server will listen on: endpoints that the configuration names take the place of the others.
    /// </summary>
    private static string[] Listened(ConfigurationManager configuration, string[] urls)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        return endpoints.Any() ? [.. endpoints] : urls;
    }

    private static string[] Shipped() => PlaygroundPlans.Find() is { } shipped ? [shipped.Folder] : [];
}
