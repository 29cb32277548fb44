using Rer.Engine.Data.Prompts;

namespace Rer.Web.Preview;

/// <summary>A query and a response that somebody pasted, to be scored beside the policy's own.</summary>
/// <param name="Query">The query.</param>
/// <param name="Response">The response.</param>
/// <param name="Reference">A reference answer; empty where there is none.</param>
/// <param name="Type">The query's type; null where it has none.</param>
public sealed record PastedItem(string Query, string Response, string Reference, QueryType? Type)
{
    /// <summary>Most characters of each text: it stands in the address.</summary>
    public const int MostCharacters = 6_000;

    private const string QueryName = "paste", ResponseName = "paste-response", ReferenceName = "paste-reference", TypeName = "paste-type";

    /// <summary>What the address holds of it; with null, what removes it from there.</summary>
    public static IReadOnlyDictionary<string, object?> ToQuery(PastedItem? item) => new Dictionary<string, object?>
    {
        [QueryName] = item?.Query,
        [ResponseName] = item?.Response,
        [ReferenceName] = item?.Reference is { Length: > 0 } reference ? reference : null,
        [TypeName] = item?.Type is { } type ? (type == QueryType.OpenEnded ? "open" : "closed") : null,
    };

    /// <summary>The item in an address; null where there is none.</summary>
    public static PastedItem? FromQuery(Func<string, string?> parameter) =>
        parameter(QueryName) is { Length: > 0 } query && parameter(ResponseName) is { } response
        ? new PastedItem(Cut(query), Cut(response), Cut(parameter(ReferenceName) ?? ""),
            parameter(TypeName) switch { "open" => QueryType.OpenEnded, "closed" => QueryType.ClosedEnded, _ => null })
        : null;

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters];
}
