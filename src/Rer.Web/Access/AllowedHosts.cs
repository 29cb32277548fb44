using System.Net;
using System.Net.NetworkInformation;

namespace Rer.Web.Access;

/// <summary>
/// The names that this server answers to. A page of another site can have its own name lead to this machine, and its scripts would then
/// be taken for those of the dashboard (DNS rebinding): a request that calls the server by a name that is not its own is refused.
/// </summary>
public sealed class AllowedHosts
{
    private readonly HashSet<string> _named;
    private readonly HashSet<string> _ofMachine;

    /// <summary>The names of this machine, and further ones.</summary>
    /// <param name="named">Names that the person who starts the server gives, each with a port or without one: `rer.example.org`.</param>
    /// <param name="urls">Addresses that it listens on; a name in one of them is a name of the server's.</param>
    public AllowedHosts(IEnumerable<string> named, IEnumerable<string> urls)
    {
        _named = named.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _ofMachine = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "localhost" };
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        if (properties.HostName is { Length: > 0 } own)
        {
            _ofMachine.UnionWith([own, $"{own}.local"]);
            if (properties.DomainName is { Length: > 0 } domain) _ofMachine.Add($"{own}.{domain}");
        }

        foreach (var address in urls.Select(BindingAddress.Parse).Where(address => !address.IsUnixPipe))
            if (address.Host is not ("*" or "+") && !IPAddress.TryParse(address.Host.Trim('[', ']'), out _)) _ofMachine.Add(address.Host);
    }

    /// <summary>Whether a request may call the server so.</summary>
    /// <param name="host">The request's Host.</param>
    /// <param name="local">The address that the request arrived at; null where it came through a socket file.</param>
    public bool Allows(HostString host, IPAddress? local) =>
        host.HasValue && (IsNamed(host.Host, host.Port) || IsOfMachine(host.Host, local));

    /// <summary>Whether a page at an origin may send requests.</summary>
    /// <param name="origin">The origin, as a browser writes it: `http://127.0.0.1:5180`.</param>
    /// <param name="host">The request's Host, which is allowed.</param>
    /// <param name="isHttps">Whether the request came encrypted.</param>
    /// <param name="local">The address that the request arrived at.</param>
    /// <remarks>
    /// A page of this machine must be of the port that the request names, for another port's page is another program's. A name that was
    /// given may be of any port: a proxy that stands there need not tell its own.
    /// </remarks>
    public bool AllowsOrigin(string origin, HostString host, bool isHttps, IPAddress? local)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https")) return false;
        return IsNamed(page.Host, page.Port) || (IsOfMachine(page.Host, local) && page.Port == (host.Port ?? (isHttps ? 443 : 80)));
    }

    /// <summary>Reads what `--allowed-hosts` gives.</summary>
    /// <param name="text">Names with commas between.</param>
    /// <exception cref="ArgumentException">One of them is no name.</exception>
    public static IReadOnlyList<string> Parse(string text)
    {
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var name in names)
        {
            if (!Uri.TryCreate($"http://{name}/", UriKind.Absolute, out var address) || address.UserInfo.Length > 0
                || name.IndexOfAny(['/', '?', '#', '*']) >= 0)
            {
                throw new ArgumentException(
                    $"--allowed-hosts: '{name}' is no host name. Write names such as rer.example.org, with commas between.");
            }
        }

        return names;
    }

    private bool IsNamed(string host, int? port) => _named.Contains(host) || (port is { } number && _named.Contains($"{host}:{number}"));

    private bool IsOfMachine(string host, IPAddress? local)
    {
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address)) return _ofMachine.Contains(host.TrimEnd('.'));
        return IPAddress.IsLoopback(address)
            || (local is not null && Plain(address).Equals(Plain(local)))
            || IsOfAnInterface(Plain(address));
    }

    // Asked anew each time: a laptop's addresses change while the dashboard runs.
    private static bool IsOfAnInterface(IPAddress address)
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Any(own => Plain(own.Address).Equals(address));
        }
        catch (NetworkInformationException)
        {
            // The system does not tell: the names that were given remain.
            return false;
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
