namespace Rer.Engine.Data;

/// <summary>How a policy expects a prompt to be wrapped. One turn: <see cref="Prefix"/>, the query, <see cref="Suffix"/>.</summary>
public sealed record PromptTemplate
{
    private const string AlpacaSystem =
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.";

    private const string VicunaSystem =
        "A chat between a curious user and an artificial intelligence assistant. " +
        "The assistant gives helpful, detailed, and polite answers to the user's questions.";

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

    /// <summary>
    /// Strings at which a response ends: the role prefixes, and three that begin a new document. Read as plain text: the published
    /// implementation makes a regular expression of them, under which Llama 2's `[INST]` would end a response at any of its letters.
    /// </summary>
    public IReadOnlyList<string> StopStrings { get; init; } = Separators;

    /// <summary>
    /// The templates of the paper's implementation that this engine knows; `plain`, the query as it is; `newline`, the query on a line.
    /// </summary>
    public static IReadOnlyList<PromptTemplate> All { get; } =
    [
        new()
        {
            Name = "alpaca",
            System = AlpacaSystem,
            UserRole = "### Instruction",
            AssistantRole = "### Response",
            Prefix = AlpacaSystem + "\n\n### Instruction:\n",
            Suffix = "\n\n### Response:",
            StopStrings = ["### Instruction:", "### Response:", .. Separators],
        },
        new()
        {
            Name = "vicuna_v1.1",
            System = VicunaSystem,
            UserRole = "USER",
            AssistantRole = "ASSISTANT",
            Prefix = VicunaSystem + " USER: ",
            Suffix = " ASSISTANT:",
            StopStrings = ["USER:", "ASSISTANT:", .. Separators],
        },
        new()
        {
            // Without the long default system text, which the model's authors later withdrew.
            Name = "llama-2",
            UserRole = "[INST]",
            AssistantRole = "[/INST]",
            Prefix = "[INST] ",
            Suffix = " [/INST]",
            StopStrings = ["[INST]", "[/INST]", .. Separators],
        },
        new()
        {
            Name = "zephyr",
            UserRole = "<|user|>",
            AssistantRole = "<|assistant|>",
            Prefix = "<|user|>\n",
            Suffix = "</s>\n<|assistant|>\n",
            StopStrings = ["<|user|>", "<|assistant|>", .. Separators],
        },
        new()
        {
            Name = "tulu",
            UserRole = "<|user|>",
            AssistantRole = "<|assistant|>",
            Prefix = "<|user|>\n",
            Suffix = "\n<|assistant|>\n",
            StopStrings = ["<|user|>", "<|assistant|>", .. Separators],
        },
        new() { Name = "plain" },
        new() { Name = "newline", Suffix = "\n" },
    ];

    /// <summary>The template of a name.</summary>
    /// <exception cref="ArgumentException">No such template; the message lists those there are.</exception>
    public static PromptTemplate Named(string name) =>
        All.FirstOrDefault(template => template.Name == name) ?? throw new ArgumentException(
            $"prompt template '{name}' is not known. Known ones: {string.Join(", ", All.Select(template => template.Name))}.",
            nameof(name));

    /// <summary>The prompt to give the policy.</summary>
    public string Render(string query) => Prefix + query + Suffix;

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
}
