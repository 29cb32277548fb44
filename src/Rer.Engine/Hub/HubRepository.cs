using System.Text.RegularExpressions;

namespace Rer.Engine.Hub;

/// <summary>A repository of the Hub: a model's, or, written `datasets/OWNER/NAME`, a data set's.</summary>
/// <param name="Id">`OWNER/NAME`; a few old ones have a name alone.</param>
/// <param name="IsDataset">Whether it holds data, not a model.</param>
public sealed partial record HubRepository(string Id, bool IsDataset)
{
    private const string DatasetPrefix = "datasets/";

    /// <summary>Reads `OWNER/NAME` or `datasets/OWNER/NAME`.</summary>
    /// <exception cref="HubException">The text is no repository's name.</exception>
    public static HubRepository Parse(string text)
    {
        var isDataset = text.StartsWith(DatasetPrefix, StringComparison.Ordinal);
        var id = isDataset ? text[DatasetPrefix.Length..] : text;
        if (!Name().IsMatch(id) || id.Contains("..", StringComparison.Ordinal))
            throw new HubException(
                $"'{text}' is no repository's name. Write OWNER/NAME as the Hub's page shows it, or datasets/OWNER/NAME for data.");
        return new HubRepository(id, isDataset);
    }

    /// <summary>The text <see cref="Parse"/> reads.</summary>
    public override string ToString() => IsDataset ? DatasetPrefix + Id : Id;

    /// <summary>Path of its entries in the API, from the endpoint.</summary>
    internal string ApiPath => $"api/{(IsDataset ? "datasets" : "models")}/{Id}";

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})?\z")]
    private static partial Regex Name();
}
