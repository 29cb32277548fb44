using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Rer.Web.Hosting;

namespace Rer.Web.Access;

/// <summary>Who is let in: the names that the server answers to, the token that it asks for, and what it reads for whoever is in.</summary>
/// <param name="Hosts">The names.</param>
/// <param name="Token">The token; null where none is asked for.</param>
/// <param name="Open">Whether others than this machine reach the server, and it asks for no token all the same.</param>
public sealed record Doors(AllowedHosts Hosts, AccessToken? Token, bool Open)
{
    /// <summary>The doors of a server.</summary>
    /// <param name="options">What the person who starts it decided.</param>
    /// <param name="urls">Every address that it listens on.</param>
    /// <exception cref="ArgumentException">The token of the environment is none.</exception>
    public static Doors Of(ServerOptions options, IReadOnlyList<string> urls)
    {
        var reached = !urls.All(IsLoopback);
        return new Doors(
            new AllowedHosts(options.AllowedHosts, urls),
            reached && !options.NoToken ? AccessToken.Create() : null,
            reached && options.NoToken);
    }

    /// <summary>
    /// An address as it is printed: with the token, and with a name that others reach where it stands for every interface.
    /// </summary>
    public string Printed(string url)
    {
        var address = BindingAddress.Parse(url);
        var isIp = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
        if (address.Host is "*" or "+" || (isIp && (IPAddress.Any.Equals(ip) || IPAddress.IPv6Any.Equals(ip))))
            url = $"{address.Scheme}://{Reached()}:{address.Port}";
        return Token is null ? url : TokenGate.Link(url, Token);
    }

    private static string Reached() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(a => a.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString() ?? Dns.GetHostName();

    /// <summary>Whether only this machine reaches an address. A name other than localhost is bound to every interface.</summary>
    public static bool IsLoopback(string url)
    {
        var address = BindingAddress.Parse(url);
        return address.IsUnixPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
