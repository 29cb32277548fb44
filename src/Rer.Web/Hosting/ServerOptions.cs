namespace Rer.Web.Hosting;

/// <summary>What the person who starts the server decides.</summary>
/// <param name="Store">Folder that holds the runs.</param>
/// <param name="Urls">Addresses to listen on; null takes the first free port from <see cref="FreePort.First"/> on loopback.</param>
/// <param name="AllowCode">Let features in C# be written and run; see <see cref="Engine.Rewards.Own.CodeFeatures"/>.</param>
/// <param name="Help">Print the usage and end.</param>
/// <param name="Configuration">Arguments of the form `--Section:Key=value`, handed to the host's configuration.</param>
public sealed record ServerOptions(string Store, string? Urls, bool AllowCode, bool Help, IReadOnlyList<string> Configuration)
{
    /// <summary>What `--help` prints.</summary>
    public const string Usage = """
        The Rer dashboard.

          --store DIR    folder that holds the runs; default $XDG_DATA_HOME/rer, or ~/.local/share/rer
          --urls URLS    addresses to listen on, for example http://0.0.0.0:5180; default the first free
                         port from 5180 on 127.0.0.1, which only this machine reaches
          --allow-code   let features in C# be written and run; whoever reaches the page can then do on this
                         machine what the person who started it can
          --help         this text
        """;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">An argument is not known or lacks its value; the message names it.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments)
    {
        string? store = null, urls = null;
        var (allowCode, help) = (false, false);
        var configuration = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            switch (name)
            {
                case "--store": store = value ?? Next(arguments, ref i); break;
                case "--urls": urls = value ?? Next(arguments, ref i); break;
                case "--allow-code": allowCode = true; break;
                case "--help" or "-h": help = true; break;
                default:
                    if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':') || value is null)
                        throw new ArgumentException($"{arguments[i]} is not known. Known: --store DIR, --urls URLS, --allow-code, --help.");
                    configuration.Add(arguments[i]);
                    break;
            }
        }
        return new ServerOptions(Path.GetFullPath(store ?? DefaultStore()), urls, allowCode, help, configuration);
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
            string.IsNullOrEmpty(data) ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) : data,
            "rer");
    }
}
