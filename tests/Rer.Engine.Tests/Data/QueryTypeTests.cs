using System.Text.Json;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

public sealed class QueryTypeTests
{
    [Fact]
    public void Codes_are_written_and_read_also_as_keys()
    {
        var counts =
            new Dictionary<QueryType, QueryType?> { [QueryType.OpenEnded] = QueryType.ClosedEnded, [QueryType.ClosedEnded] = null };
        var json = JsonSerializer.Serialize(counts);
        Assert.Equal("""{"OPENENDED":"CONSTRAINED","CONSTRAINED":null}""", json);
        Assert.Equal(counts, JsonSerializer.Deserialize<Dictionary<QueryType, QueryType?>>(json));
    }

    [Fact]
    public void An_unknown_code_is_named_with_those_that_are_known()
    {
        Assert.Contains("'OPEN' is not known. Use OPENENDED or CONSTRAINED",
            Assert.Throws<FormatException>(() => QueryTypes.Parse("OPEN")).Message, StringComparison.Ordinal);
        Assert.Contains("'1' is not known", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<QueryType>("\"1\"")).Message,
            StringComparison.Ordinal);
    }
}
