using System.Globalization;
using System.Text.RegularExpressions;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold.Remote;
using Rer.Engine.Options;

namespace Rer.Engine.Gold;

/// <summary>
/// What a plan writes for its gold reward: `FOLDER`, `dpo:FOLDER,reference=FOLDER`, `openrlhf:URL`, `vllm-classify:URL` or
/// `vllm-pooling:URL`, and behind it settings as `,name=value`.
/// </summary>
public sealed partial record GoldSource
{
    /// <summary>The environment variable that holds a server's token where the plan names no other.</summary>
    public const string TokenVariable = "RER_TOKEN_GOLD";

    /// <summary>The forms, for messages and help.</summary>
    public const string Forms = "FOLDER, dpo:FOLDER,reference=FOLDER, openrlhf:URL, vllm-classify:URL, vllm-pooling:URL";

    private static readonly (GoldKind Kind, string Prefix, string[] Settings)[] Kinds =
    [
        (GoldKind.Dpo, "dpo:", ["reference", "beta", "template"]),
        (GoldKind.OpenRlhf, "openrlhf:", ["template", "batch", "timeout", "retries", "token"]),
        (GoldKind.VllmClassify, "vllm-classify:", ["template", "model", "label", "batch", "timeout", "retries", "token"]),
        (GoldKind.VllmPooling, "vllm-pooling:", ["template", "model", "batch", "timeout", "retries", "token"]),
        (GoldKind.Folder, "", ["template", "label", "normalize"]),
    ];

    private static readonly BoundsAttribute Betas = new(0, 1000) { LowOpen = true };

    /// <summary>Seconds, texts a request, and further attempts.</summary>
    private static readonly BoundsAttribute Timeouts = new(0, 86_400) { LowOpen = true }, Batches = new(1, 10_000), Attempts = new(0, 100);

    private GoldSource(GoldKind kind, string location, IReadOnlyDictionary<string, string> settings) =>
        (Kind, Location, Settings) = (kind, location, settings);

    /// <summary>What kind.</summary>
    public GoldKind Kind { get; }

    /// <summary>The folder or the URL.</summary>
    public string Location { get; }

    /// <summary>Its settings, as written.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Whether it is a server's.</summary>
    public bool IsRemote => Kind is GoldKind.OpenRlhf or GoldKind.VllmClassify or GoldKind.VllmPooling;

    /// <summary>The server's endpoint, with the path that its kind has where the plan writes none.</summary>
    public Uri Url
    {
        get
        {
            var url = new Uri(Location, UriKind.Absolute);
            if (url.AbsolutePath is not ("/" or "")) return url;
            return new Uri(url, Kind switch { GoldKind.OpenRlhf => "/get_reward", GoldKind.VllmClassify => "/classify", _ => "/pooling" });
        }
    }

    private bool HasUrl => IsRemote && Uri.TryCreate(Location, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    /// <summary>The model folders it names.</summary>
    public IEnumerable<string> Folders => Kind switch
    {
        GoldKind.Folder => [Location],
        GoldKind.Dpo => Settings.TryGetValue("reference", out var reference) ? [Location, reference] : [Location],
        _ => [],
    };

    /// <summary>The folder whose chat template wraps the texts; null where the plan names none.</summary>
    public string? TemplateFolder => Settings.TryGetValue("template", out var template) && IsFolder(template) ? template : null;

    /// <summary>Reads what a plan writes. Whether it can be used is <see cref="Problems"/>' to tell.</summary>
    public static GoldSource Parse(string text)
    {
        var (kind, prefix, _) = Kinds.First(kind => text.StartsWith(kind.Prefix, StringComparison.Ordinal));
        // A comma in a path or a URL is no separator: only one with a name and an equals sign behind it.
        var parts = Setting().Split(text[prefix.Length..]);
        var settings = new Dictionary<string, string>();
        for (var i = 1; i + 1 < parts.Length; i += 2) settings[parts[i]] = parts[i + 1];
        return new GoldSource(kind, parts[0], settings);
    }

    /// <summary>The source as a plan writes it.</summary>
    public override string ToString() =>
        Kinds.First(kind => kind.Kind == Kind).Prefix + Location
            + string.Concat(Settings.Select(setting => $",{setting.Key}={setting.Value}"));

    /// <summary>The source with every path made a full one.</summary>
    public GoldSource WithFullPaths() => new(
        Kind,
        IsRemote ? Location : Path.GetFullPath(Location),
        Settings.ToDictionary(setting => setting.Key,
            setting => setting.Key == "reference" || (setting.Key == "template" && IsFolder(setting.Value))
                ? Path.GetFullPath(setting.Value) : setting.Value));

    /// <summary>Everything that is wrong with it, apart from what the folders hold.</summary>
    public IEnumerable<string> Problems()
    {
        var allowed = Kinds.First(kind => kind.Kind == Kind).Settings;
        foreach (var name in Settings.Keys.Except(allowed)) yield return $"has no setting '{name}'. It takes {string.Join(", ", allowed)}.";
        if (IsRemote && !HasUrl)
            yield return $"needs a URL that begins with http:// or https://, not '{Location}'.";
        if (Kind == GoldKind.Dpo && !Settings.ContainsKey("reference"))
            yield return "needs the model that the policy was trained from: dpo:FOLDER,reference=FOLDER.";
        if (Settings.TryGetValue("beta", out var beta) && !Allowed(Betas, Number(beta))) yield return $"beta '{beta}' is outside {Betas}.";
        if (Settings.TryGetValue("timeout", out var timeout)
            && !Allowed(Timeouts, Number(timeout))) yield return $"timeout '{timeout}' is outside {Timeouts} seconds.";
        if (Settings.TryGetValue("batch", out var batch)
            && !Allowed(Batches, Whole(batch))) yield return $"batch '{batch}' is outside {Batches}.";
        if (Settings.TryGetValue("retries", out var retries)
            && !Allowed(Attempts, Whole(retries))) yield return $"retries '{retries}' is outside {Attempts}.";
        if (Kind == GoldKind.VllmClassify && Settings.TryGetValue("label", out var label) && Whole(label) is null)
            yield return $"label '{label}' is no class number; the server names only the likeliest class.";
        if (Settings.TryGetValue("normalize", out var normalize) && !bool.TryParse(normalize, out _))
            yield return $"normalize '{normalize}' is neither true nor false.";
        if (Settings.TryGetValue("token", out var variable) && HasUrl && EndpointToken.Problem(variable, Url) is { } withheld)
            yield return withheld;
        if (Settings.TryGetValue("template", out var template) && !IsFolder(template) && !PromptTemplate.IsKnown(template))
            yield return $"template '{template}' is not known. Known ones: {PromptTemplate.Forms}; or a folder that has a chat template.";
        if (IsRemote && Settings.TryGetValue("template", out template) && PromptTemplate.IsChat(template))
            yield return "a server's chat template is not known here. Name the folder that has it: template=FOLDER.";
    }

    /// <summary>How a server is asked.</summary>
    public EndpointOptions Endpoint()
    {
        var options = new EndpointOptions { Token = EndpointToken.Of(Settings.GetValueOrDefault("token", TokenVariable), Url) };
        if (Settings.TryGetValue("batch", out var batch)) options = options with { BatchSize = Whole(batch)!.Value };
        if (Settings.TryGetValue("timeout", out var timeout))
            options = options with { Timeout = TimeSpan.FromSeconds(Number(timeout)!.Value) };
        if (Settings.TryGetValue("retries", out var retries)) options = options with { Retries = Whole(retries)!.Value };
        return options;
    }

    /// <summary>The template that the plan names; null where it names none.</summary>
    /// <param name="folder">The model's folder, whose chat template `chat` means.</param>
    /// <param name="endOfSequence">The token that closes the response of a template by name.</param>
    public GoldTemplate? Template(string? folder, string endOfSequence)
    {
        if (!Settings.TryGetValue("template", out var name)) return null;
        return IsFolder(name) ? GoldTemplate.From(ChatTemplate.Read(name))
            : GoldTemplate.From(PromptTemplate.Of(name, folder ?? ""), endOfSequence);
    }

    /// <summary>DPO's beta. Default .1 (Rafailov et al. 2023).</summary>
    public double Beta => Settings.TryGetValue("beta", out var text) ? Number(text)!.Value : 0.1;

    /// <summary>The class that is the reward, where a server tells several apart.</summary>
    public int? Class => Settings.TryGetValue("label", out var text) ? Whole(text) : null;

    private static bool Allowed(BoundsAttribute bounds, double? value) => value is { } number && bounds.Contain(number);

    private static bool IsFolder(string text) => text.Contains('/') || Directory.Exists(text);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(",([a-z]+)=")]
    private static partial Regex Setting();
}

/// <summary>What kind of gold reward model a plan names.</summary>
public enum GoldKind
{
    /// <summary>A folder with a reward model.</summary>
    Folder,

    /// <summary>Two policies: the implicit reward of one trained by DPO.</summary>
    Dpo,

    /// <summary>OpenRLHF's reward server.</summary>
    OpenRlhf,

    /// <summary>vLLM's `/classify`.</summary>
    VllmClassify,

    /// <summary>vLLM's `/pooling`.</summary>
    VllmPooling,
}
