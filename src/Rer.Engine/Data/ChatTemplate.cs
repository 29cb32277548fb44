using System.Text.Json;
using Rer.Engine.Data.Jinja;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.Json;

namespace Rer.Engine.Data;

/// <summary>
/// The chat template that a model was published with: `chat_template` of `tokenizer_config.json` (one text, or several with names) or
/// `chat_template.jinja`, rendered as transformers' `apply_chat_template` does.
/// </summary>
public sealed class ChatTemplate
{
    private const string ConfigFile = "tokenizer_config.json";
    private const string MapFile = "special_tokens_map.json";
    private const string JinjaFile = "chat_template.jinja";
    private const string MoreFolder = "additional_chat_templates";
    private const string DefaultName = "default";

    private readonly JinjaTemplate _template;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly TimeProvider _time;

    /// <summary>A template of its own.</summary>
    /// <param name="text">Jinja.</param>
    /// <param name="specialTokens">What `bos_token`, `eos_token` and the like stand for.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="time">Tells templates that write a date which; null is the system's clock.</param>
    /// <exception cref="TemplateException">The text is no template; the message has the line and the column.</exception>
    public ChatTemplate(string text, IReadOnlyDictionary<string, string>? specialTokens = null, string name = "chat template",
        TimeProvider? time = null)
    {
        _template = JinjaTemplate.Parse(text, name);
        _specialTokens = specialTokens ?? new Dictionary<string, string>();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The text that a dialogue makes. It holds the special tokens already: encode it without adding any.</summary>
    /// <param name="messages">The dialogue, first turn first.</param>
    /// <param name="addGenerationPrompt">End with what opens the assistant's turn.</param>
    /// <exception cref="TemplateException">The template refuses the dialogue, or looks into what is not there.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt)
    {
        var values = new Dictionary<string, object?>
        {
            ["messages"] = messages.Select(message =>
                new Dictionary<string, object?> { ["role"] = message.Role, ["content"] = message.Content }).ToArray(),
            ["add_generation_prompt"] = addGenerationPrompt,
            ["tools"] = null,
            ["documents"] = null,
        };
        foreach (var (token, text) in _specialTokens) values[token] = text;
        return _template.Render(values, _time);
    }

    /// <summary>Whether a folder has a chat template.</summary>
    public static bool In(string folder) => Directory.Exists(folder) && Names(folder).Count > 0;

    /// <summary>The names of a folder's chat templates; the one without a name is `default`.</summary>
    /// <exception cref="InvalidDataException">The folder's `tokenizer_config.json` is no JSON, or its `chat_template` is neither a text
    /// nor a list.</exception>
    public static IReadOnlyList<string> Names(string folder) => [.. Texts(folder).Keys];

    /// <summary>A folder's chat template.</summary>
    /// <param name="folder">A model's folder.</param>
    /// <param name="name">Which, where there are several; null is `default`.</param>
    /// <param name="time">As in the constructor.</param>
    /// <exception cref="InvalidDataException">The folder has no such template; the message lists those it has.</exception>
    /// <exception cref="TemplateException">It cannot be read; the message has the line and the column.</exception>
    public static ChatTemplate Read(string folder, string? name = null, TimeProvider? time = null)
    {
        var texts = Texts(folder);
        if (texts.Count == 0)
            throw new InvalidDataException($"{folder}: has no chat template ({ConfigFile} has no chat_template, and there is no "
                + $"{JinjaFile}). Name a template: {string.Join(", ", PromptTemplate.All.Select(template => template.Name))}.");
        if (!texts.TryGetValue(name ?? DefaultName, out var found))
            throw new InvalidDataException($"{folder}: has no chat template '{name ?? DefaultName}'. It has "
                + $"{string.Join(", ", texts.Keys)}.");
        return new ChatTemplate(found.Text, SpecialTokens(folder), found.Source, time);
    }

    private static Dictionary<string, (string Text, string Source)> Texts(string folder)
    {
        var texts = new Dictionary<string, (string, string)>();
        var config = Path.Combine(folder, ConfigFile);
        using (var json = Parse(config))
        {
            if (json is not null && ConfigElement.Root(json, config)["chat_template"] is { IsNull: false } given)
            {
                foreach (var (name, text) in Templates(given)) texts[name] = (text,
                    $"{given.Place}{(name == DefaultName ? "" : $" '{Excerpt.Of(name)}'")}");
            }
        }
        // A file of its own is newer and wins, as in transformers.
        var jinja = Path.Combine(folder, JinjaFile);
        if (File.Exists(jinja)) texts[DefaultName] = (TokenizerFile.ReadAllText(jinja), jinja);
        var more = Path.Combine(folder, MoreFolder);
        if (!Directory.Exists(more)) return texts;
        foreach (var file in Directory.EnumerateFiles(more, "*.jinja").Order(StringComparer.Ordinal))
            texts[Path.GetFileNameWithoutExtension(file)] = (TokenizerFile.ReadAllText(file), file);
        return texts;
    }

    private static IEnumerable<(string Name, string Text)> Templates(ConfigElement given) => given.IsString ? [(DefaultName, given.Text())]
        : given.IsArray ? given.Items().Select(entry => (entry["name"].Text(), entry["template"].Text()))
        : throw given.Wrong("a text, or a list of objects with the texts name and template");

    /// <summary>`bos_token` and the like: a text, or an object that has it as `content`.</summary>
    private static Dictionary<string, string> SpecialTokens(string folder)
    {
        var tokens = new Dictionary<string, string>();
        foreach (var file in (string[])[MapFile, ConfigFile])
        {
            using var json = Parse(Path.Combine(folder, file));
            if (json is null) continue;
            foreach (var (name, field) in ConfigElement.Root(json, Path.Combine(folder, file)).Properties())
            {
                if (!name.EndsWith("_token", StringComparison.Ordinal)) continue;
                var value = field["content"] is { IsNull: false } content ? content : field;
                if (value.IsString) tokens[name] = value.Text();
            }
        }
        return tokens;
    }

    private static JsonDocument? Parse(string file)
    {
        if (!File.Exists(file)) return null;
        var json = ConfigElement.Read(file);
        return ConfigElement.Root(json, file).IsObject ? json : throw new InvalidDataException($"{file}: not a JSON object.");
    }
}

/// <summary>A turn of a dialogue.</summary>
/// <param name="Role">`system`, `user` or `assistant`.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatMessage(string Role, string Content);
