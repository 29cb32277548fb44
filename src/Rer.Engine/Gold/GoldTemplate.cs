using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Input;

namespace Rer.Engine.Gold;

/// <summary>How a gold reward model expects query and response to be wrapped.</summary>
/// <param name="BeforeQuery">Stands before the query.</param>
/// <param name="BetweenThem">Stands between query and response.</param>
/// <param name="AfterResponse">Stands after the response.</param>
public sealed record GoldTemplate(string BeforeQuery, string BetweenThem, string AfterResponse)
{
    /// <summary>The file beside the weights that may hold a template.</summary>
    public const string FileName = "rer.json";

    private static readonly JsonSerializerOptions Format = new(
        JsonInput.Options)
    { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>
    /// Starling-RM-7B-alpha's, as its model card shows it. Its tokenizer adds another beginning-of-sequence token in front.
    /// </summary>
    public static GoldTemplate Starling { get; } = new("<s>[INST] ", " </s> [/INST] ", "</s>");

    /// <summary>UltraRM-13B's, as its model card shows it.</summary>
    public static GoldTemplate UltraRm { get; } = new("Human: ", "\n\nAssistant: ", "");

    /// <summary>OpenAssistant's reward models on Pythia, as their model cards show it.</summary>
    public static GoldTemplate OpenAssistant { get; } = new("<|prompter|>", "<|endoftext|><|assistant|>", "<|endoftext|>");

    /// <summary>The chat template that wraps them in place of the three texts; null where those do.</summary>
    [JsonIgnore]
    public ChatTemplate? Chat { get; init; }

    /// <summary>Whether the tokenizer is to add its special tokens to the wrapped text; a chat template has written them already.</summary>
    [JsonIgnore]
    public bool AddsSpecialTokens => Chat is null;

    /// <summary>A model's chat template: query and response are a user's and an assistant's turn.</summary>
    public static GoldTemplate From(ChatTemplate chat) => new("", "", "") { Chat = chat };

    /// <summary>A policy's prompt template, the response closed by the token that ends a sequence.</summary>
    public static GoldTemplate From(PromptTemplate template, string endOfSequence) =>
        template.Chat is { } chat ? From(chat) : new(template.Prefix, template.Suffix, endOfSequence);

    /// <summary>The template beside a model's weights, or null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is there but is no template.</exception>
    public static GoldTemplate? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonInput.Read<GoldTemplate>(InputFile.ReadAllBytes(path), Format);
        }
        catch (JsonInputException error)
        {
            throw new InvalidDataException(
                $"{path}: needs the texts before_query, between_them and after_response: {error.Message}", error);
        }
    }

    /// <summary>Writes the template beside a model's weights.</summary>
    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>The text that the model judges.</summary>
    public string Wrap(GoldItem item) => Chat is null
        ? BeforeQuery + item.Query + BetweenThem + item.Response + AfterResponse
        : Chat.Render([new ChatMessage("user", item.Query), new ChatMessage("assistant", item.Response)], addGenerationPrompt: false);

    /// <summary>The text that a response is written behind.</summary>
    public string Prompt(string query) =>
        Chat is null ? BeforeQuery + query + BetweenThem : Chat.Render([new ChatMessage("user", query)], addGenerationPrompt: true);
}
