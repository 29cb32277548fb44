using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Data.Jinja;

namespace Rer.Engine.Data.Prompts;

/// <summary>How a policy expects a prompt to be wrapped. One turn: <see cref="Prefix"/>, the query, <see cref="Suffix"/>.</summary>
public sealed record PromptTemplate
{
    /// <summary>The name that stands for the policy's own chat template; `chat:NAME` picks one of several.</summary>
    public const string ChatName = "chat";

    private const string Resource = "prompt-templates.json";

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // Stands before All, which is built from it.
    private static readonly string[] Separators = ["\n\n\n\n", "\n\n--", "\n\n____"];

    /// <summary>Short name for plans: `alpaca`, `llama-2`, ...</summary>
    public required string Name { get; init; }

    /// <summary>Instructions that stand before the first turn; empty where there are none.</summary>
    public string System { get; init; } = "";

    /// <summary>What marks the user's turn, without its colon; empty where nothing does.</summary>
    public string UserRole { get; init; } = "";

    /// <summary>What marks the policy's turn, without its colon; empty where nothing does.</summary>
    public string AssistantRole { get; init; } = "";

    /// <summary>All that stands before the query.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>All that stands between the query and the response.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>What opens a turn, role and colon: a response ends where one stands in it.</summary>
    public IReadOnlyList<string> RoleStops { get; init; } = [];

    /// <summary>
    /// The chat template that wraps a query in place of <see cref="Prefix"/> and <see cref="Suffix"/>; null where those do.
    /// </summary>
    [JsonIgnore]
    public ChatTemplate? Chat { get; init; }

    /// <summary>The token that closes the policy's turn, where the chat template has one: a response ends with it.</summary>
    [JsonIgnore]
    public string EndOfTurn { get; init; } = "";

    /// <summary>
    /// Whether the tokenizer is to add its special tokens to a rendered prompt; a chat template has written them already.
    /// </summary>
    [JsonIgnore]
    public bool AddsSpecialTokens => Chat is null;

    /// <summary>
    /// Strings at which a response ends: the role prefixes, and three that begin a new document. Read as plain text: the published
    /// implementation makes a regular expression of them, under which Llama 2's `[INST]` would end a response at any of its letters.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> StopStrings => [.. RoleStops, .. Separators];

    /// <summary>
    /// The templates of the paper's implementation that this engine knows (`llama-2` without the long default system text, which the
    /// model's authors later withdrew); `plain`, the query as it is; `newline`, the query on a line.
    /// </summary>
    public static IReadOnlyList<PromptTemplate> All { get; } = ReadAll();

    /// <summary>What a plan may write: the names known, and `chat`.</summary>
    public static string Forms =>
        $"{string.Join(", ", All.Select(template => template.Name))}, or {ChatName} (the policy's own chat template; {ChatName}:NAME where "
            + "it has several)";

    /// <summary>The template that a plan names.</summary>
    /// <param name="name">One of <see cref="Forms"/>.</param>
    /// <param name="folder">The policy's folder, which has the chat template.</param>
    /// <exception cref="ArgumentException">No such template; the message lists those there are.</exception>
    /// <exception cref="InvalidDataException">The folder has no such chat template.</exception>
    /// <exception cref="TemplateException">The chat template cannot be read or rendered; the message has the line and the
    /// column.</exception>
    public static PromptTemplate Of(string name, string folder)
    {
        if (!IsChat(name)) return Named(name);
        var chat = ChatTemplate.Read(folder, name.Length > ChatName.Length ? name[(ChatName.Length + 1)..] : null);
        var markers = ChatMarkers.Of(chat);
        return new PromptTemplate
        {
            Name = name,
            Chat = chat,
            EndOfTurn = markers.EndOfTurn,
            RoleStops = [.. new[] { markers.EndOfTurn, markers.User, markers.Assistant }.Where(marker => marker.Length > 0).Distinct()],
        };
    }

    /// <summary>Whether a plan's text means the policy's chat template.</summary>
    public static bool IsChat(string name) => name == ChatName || name.StartsWith(ChatName + ":", StringComparison.Ordinal);

    /// <summary>Whether a plan may write this.</summary>
    public static bool IsKnown(string name) => IsChat(name) || All.Any(template => template.Name == name);

    /// <summary>The template of a name.</summary>
    /// <exception cref="ArgumentException">No such template; the message lists those there are.</exception>
    public static PromptTemplate Named(string name) =>
        All.FirstOrDefault(template => template.Name == name) ?? throw new ArgumentException(
            $"prompt template '{name}' is not known. Known ones: {Forms}.",
            nameof(name));

    /// <summary>The prompt to give the policy.</summary>
    /// <exception cref="TemplateException">The chat template refuses the query.</exception>
    public string Render(string query) =>
        Chat is null ? Prefix + query + Suffix : Chat.Render([new ChatMessage("user", query)], addGenerationPrompt: true);

    /// <summary>
    /// The raw query that relevance sees, from a rendered prompt or a query as written: system text, roles and `### Input:` scaffolding
    /// removed, a free-standing or closing colon dropped, white space folded. The rules are those of the paper's implementation.
    /// </summary>
    public string ExtractQuery(string prompt)
    {
        if (System.Length > 0) prompt = prompt.Replace(System, "");
        var turns = UserRole.Length > 0 ? prompt.Split(UserRole) : [prompt];
        return PythonCharacters.FoldSpace(string.Join(' ', turns.Select(ExtractTurn)));
    }

    private string ExtractTurn(string turn)
    {
        if (AssistantRole.Length > 0) turn = turn.Split(AssistantRole, 2)[0];
        return turn.Replace("### Input:\n", " ").Replace("</s>", "").Replace("\n ", "\n").Replace(" : ", " ").Trim('\n', ':', ' ');
    }

    private static PromptTemplate[] ReadAll()
    {
        using var stream = typeof(PromptTemplate).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<PromptTemplate[]>(stream, Format)!;
    }
}
