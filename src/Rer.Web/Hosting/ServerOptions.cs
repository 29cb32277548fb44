namespace Rer.Web.Hosting;

/// <summary>What the person who starts the server decides.</summary>
/// <param name="Store">Folder that holds the runs.</param>
/// <param name="Urls">Addresses to listen on; null takes the first free port from <see cref="FreePort.First"/> on loopback.</param>
/// <param name="AllowCode">Let features in C# be written and run; see <see cref="Engine.Rewards.Custom.CodeFeatures"/>.</param>
/// <param name="Help">Print the usage and end.</param>
/// <param name="Configuration">Arguments of the form `--Section:Key=value`, handed to the host's configuration.</param>
public sealed record ServerOptions(string Store, string? Urls, bool AllowCode, bool Help, IReadOnlyList<string> Configuration)
{
    /// <summary>Names that the server answers to besides those of this machine; see <see cref="Access.AllowedHosts"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Folders, full paths, that requests may name besides the store and what ships; see <see cref="Access.DataRoots"/>.</summary>
    public IReadOnlyList<string> DataRoots { get; init; } = [];

    /// <summary>Ask nobody for a token, whoever reaches the server.</summary>
    public bool NoToken { get; init; }

    /// <summary>What `--help` prints.</summary>
    public const string Usage = """
        The Rer dashboard.

          --store DIR    folder that holds the runs; default $XDG_DATA_HOME/rer, or ~/.local/share/rer
          --data-root DIR
                         folder whose models and data may be named in a plan, besides the store's library and
                         what ships with Rer; give it once for each folder
          --urls URLS    addresses to listen on, for example http://0.0.0.0:5180; default the first free
                         port from 5180 on 127.0.0.1, which only this machine reaches. Where others reach one,
                         the dashboard asks for a token, which the link that it prints brings along;
                         $RER_SERVER_TOKEN sets it, and is what `rer --server` sends. Without https it travels
                         in the clear: through an ssh tunnel to 127.0.0.1 it does not, and none is needed
          --allowed-hosts NAMES
                         names to answer to, with commas between, besides those of this machine and of --urls
          --no-token     ask for no token where others reach the dashboard: each of them can then do here what
                         the person who started it can do with it
          --allow-code   let features in C# be written and run; whoever reaches the page can then do on this
                         machine what the person who started it can
          --help         this text
        """;

    private const string Known = "--store DIR, --data-root DIR, --urls URLS, --allowed-hosts NAMES, --no-token, --allow-code, --help";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">An argument is not known or lacks its value; the message names it.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments)
    {
        string? store = null, urls = null;
        var (allowCode, help, noToken) = (false, false, false);
        var (configuration, hosts, roots) = (new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            switch (name)
            {
                case "--store": store = value ?? Next(arguments, ref i); break;
                case "--urls": urls = value ?? Next(arguments, ref i); break;
                case "--allowed-hosts": hosts.AddRange(Access.AllowedHosts.Parse(value ?? Next(arguments, ref i))); break;
                case "--data-root": roots.Add(Root(value ?? Next(arguments, ref i))); break;
                case "--no-token": noToken = true; break;
                case "--allow-code": allowCode = true; break;
                case "--help" or "-h": help = true; break;
                default:
                    if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':') || value is null)
                        throw new ArgumentException($"{arguments[i]} is not known. Known: {Known}.");
                    configuration.Add(arguments[i]);
                    break;
            }
        }
        CheckUrls(urls);
        return new ServerOptions(Path.GetFullPath(store ?? DefaultStore()), urls, allowCode, help, configuration)
        {
            AllowedHosts = hosts,
            DataRoots = roots,
            NoToken = noToken,
        };
    }

    private static string Root(string folder) => Directory.Exists(folder)
        ? Path.GetFullPath(folder)
        : throw new ArgumentException($"--data-root: {folder} is not a folder.");

    private static void CheckUrls(string? urls)
    {
        foreach (var url in urls?.Split(';') ?? [])
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                throw new ArgumentException(
                    $"--urls: '{url}' is no address. It looks like http://0.0.0.0:5180; several have semicolons between.");
            }
        }
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=');
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static string Next(IReadOnlyList<string> arguments, ref int i) =>
        ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");

    private static string DefaultStore()
    {
        var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
        return Path.Combine(
            string.IsNullOrEmpty(data)
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
                : data,
            "rer");
    }
}
