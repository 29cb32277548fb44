using System.Text.Json;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Rewards;

public sealed class ContrieverRelevanceTests
{
    private const double Tolerance = 2e-5;

    private static string Folder => Fixtures.File("models", "tiny-bert");

    [Fact]
    public void Dot_products_of_texts_match_the_reference()
    {
        using var relevance = new ContrieverRelevance(BertModel.Load(Folder, CPU), new NumberTokenizer());
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")));
        var prompts = json.RootElement.GetProperty("prompts").Deserialize<int[][]>()!;
        var expected = json.RootElement.GetProperty("dot_products").Deserialize<double[][]>()!;

        // The tokenizer adds a prompt's first id itself.
        var texts = Array.ConvertAll(prompts, ids => string.Join(' ', ids[1..]));
        for (var query = 0; query < texts.Length; query++)
        {
            var measured =
                relevance.Measure([.. texts.Select(response => Item(texts[query], texts[(query + 1) % texts.Length], response))]);
            for (var response = 0; response < texts.Length; response++)
            {
                Assert.Equal(expected[query][response], measured[response].ToQuery!.Value, Tolerance);
                Assert.Equal(expected[(query + 1) % texts.Length][response], measured[response].ToReference!.Value, Tolerance);
            }
        }
    }

    [Fact]
    public void A_text_that_is_too_long_loses_its_beginning_and_keeps_the_opening_token()
    {
        using var relevance = new ContrieverRelevance(BertModel.Load(Folder, CPU), new NumberTokenizer());
        var words = Enumerable.Range(2, 100).ToArray();

        var (ids, cut) = relevance.Encode(string.Join(' ', words));

        Assert.Equal([NumberTokenizer.Opening, .. words[^63..]], ids);
        Assert.True(cut);
        Assert.False(relevance.Encode(string.Join(' ', words[..63])).Cut);
    }

    [Fact]
    public void A_response_is_as_relevant_alone_as_among_others_of_other_lengths()
    {
        using var relevance = new ContrieverRelevance(BertModel.Load(Folder, CPU), new NumberTokenizer());
        var items = Enumerable.Range(1, 40).Select(i => Item("5 6 7", null, string.Join(' ', Enumerable.Range(3, i)))).Reverse().ToArray();

        var together = relevance.Measure(items);

        for (var i = 0; i < items.Length; i += 13)
            Assert.Equal(relevance.Measure([items[i]])[0].ToQuery!.Value, together[i].ToQuery!.Value, 10 * Tolerance);
    }

    [Fact]
    public void An_item_is_cut_where_its_query_its_reference_or_its_response_is()
    {
        using var relevance = new ContrieverRelevance(BertModel.Load(Folder, CPU), new NumberTokenizer());
        var longer = string.Join(' ', Enumerable.Range(2, 64));
        ScoredItem[] items = [Item("5 6", "7", "8"), Item(longer, "7", "8"), Item("5 6", longer, "8"), Item("5 6", "7", longer),
            Item("5 6", null, "8")];
        Assert.Equal([false, true, true, true, false], relevance.Measure(items).Select(measured => measured.Cut));
    }

    [Fact]
    public void Nothing_to_measure_measures_nothing()
    {
        using var relevance = new ContrieverRelevance(BertModel.Load(Folder, CPU), new NumberTokenizer());
        Assert.Empty(relevance.Measure([]));
    }

    private static ScoredItem Item(string query, string? reference, string response) => new()
    {
        Prompt = new PromptItem(0, query, reference, QueryType.OpenEnded),
        Query = query,
        Response = response,
        Words = [],
    };

    /// <summary>Words are their own ids; one special token opens a sequence.</summary>
    private sealed class NumberTokenizer : ITokenizer
    {
        public const int Opening = 1;

        public int VocabularySize => 128;
        public int? BosId => Opening;
        public int? EosId => null;
        public int? PadId => 0;

        public int[] Encode(string text, bool addSpecialTokens = true) =>
            [.. addSpecialTokens ? [Opening] : Array.Empty<int>(),
                .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

        public EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true)
        {
            int[] first = Encode(text, addSpecialTokens), second = Encode(pair, addSpecialTokens: false);
            return new EncodedPair([.. first, .. second], [.. first.Select(_ => 0), .. second.Select(_ => 1)],
                new int[first.Length + second.Length]);
        }

        public string[] Tokenize(string text) => text.Split(' ');

        public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true) => string.Join(' ', ids.ToArray());

        public int? TokenToId(string token) => int.Parse(token);

        public string? IdToToken(int id) => id.ToString();
    }
}
