using System.Text.Json;
using Rer.Engine.Data;

namespace Rer.Engine.Gold;

/// <summary>How a gold reward model expects query and response to be wrapped.</summary>
/// <param name="BeforeQuery">Stands before the query.</param>
/// <param name="BetweenThem">Stands between query and response.</param>
/// <param name="AfterResponse">Stands after the response.</param>
public sealed record GoldTemplate(string BeforeQuery, string BetweenThem, string AfterResponse)
{
    /// <summary>The file beside the weights that may hold a template.</summary>
    public const string FileName = "rer.json";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Starling-RM-7B-alpha's, as its model card shows it. Its tokenizer adds another beginning-of-sequence token in front.</summary>
    public static GoldTemplate Starling { get; } = new("<s>[INST] ", " </s> [/INST] ", "</s>");

    /// <summary>A policy's prompt template, the response closed by the token that ends a sequence.</summary>
    public static GoldTemplate From(PromptTemplate template, string endOfSequence) => new(template.Prefix, template.Suffix, endOfSequence);

    /// <summary>The template beside a model's weights, or null where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is there but is no template.</exception>
    public static GoldTemplate? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var template = JsonSerializer.Deserialize<GoldTemplate>(File.ReadAllText(path), Format);
            if (template is { BeforeQuery: not null, BetweenThem: not null, AfterResponse: not null }) return template;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: is no JSON: {error.Message}", error);
        }

        throw new InvalidDataException($"{path}: needs the texts before_query, between_them and after_response.");
    }

    /// <summary>Writes the template beside a model's weights.</summary>
    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>The text that the model judges.</summary>
    public string Wrap(GoldItem item) => BeforeQuery + item.Query + BetweenThem + item.Response + AfterResponse;
}
