using Rer.Engine.Storage;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Browser;

/// <summary>One server over the sample store, for tests that only look.</summary>
public sealed class SampleServer : IAsyncLifetime
{
    /// <summary>The run that pages of one run show: over-optimised, stopped at step 5,210.</summary>
    public const string RunId = "260730-0900-lirp-s1";

    private DashboardServer? _server;

    /// <summary>Where it listens.</summary>
    public string Address => _server!.Address;

    /// <summary>Its store.</summary>
    public IRunStore Store => _server!.Store;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null) return;
        _server = await DashboardServer.Start((_, _) => throw new InvalidOperationException("Nothing is trained here."), SampleStore.Fill);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
