using System.Net;
using System.Net.NetworkInformation;

namespace Rer.Web.Hosting;

/// <summary>Finds a port that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>The port tried first.</summary>
    public const int First = 5180;

    private const int Tries = 100;

    /// <summary>The first port from <see cref="First"/> on that is free on 127.0.0.1.</summary>
    /// <exception cref="InvalidOperationException">A hundred ports in a row are taken.</exception>
    public static int Find()
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(e => e.Address.Equals(IPAddress.Loopback) || e.Address.Equals(IPAddress.Any) || e.Address.Equals(IPAddress.IPv6Any))
            .Select(e => e.Port).ToHashSet();
        for (var port = First; port < First + Tries; port++)
            if (!taken.Contains(port)) return port;
        throw new InvalidOperationException(
            $"Ports {First} to {First + Tries - 1} are taken; name another with --urls http://127.0.0.1:PORT.");
    }
}
