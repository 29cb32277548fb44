using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Ways to make a text of another; <see cref="ByteMutations"/> has those for bytes.</summary>
internal static class TextMutations
{
    // Inputs that only grow are slow and teach nothing more.
    private const int LongestInput = 20_000;

    /// <summary>
    /// Pieces dropped, repeated, exchanged, put elsewhere, and words of a language put in. Halves of surrogate pairs come of it, which a
    /// parser of texts must stand; what goes through a file is made <see cref="WellFormed"/> first.
    /// </summary>
    public static Func<Random, string, string> Words(params string[] words) => (random, text) =>
    {
        var at = random.Next(text.Length + 1);
        var length = Length(random, text.Length - at);
        var mutant = random.Next(8) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text.Insert(at, string.Concat(Enumerable.Repeat(text.Substring(at, length), random.Next(2, 300)))),
            3 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
            4 => text.Insert(at, Word(random, words)),
            5 => text.Remove(at, length).Insert(at, Word(random, words)),
            6 => text.Insert(at, string.Concat(Enumerable.Repeat(Word(random, words), random.Next(2, 300)))),
            _ => text.Insert(at, Character(random)),
        };
        return mutant.Length <= LongestInput ? mutant : text.Length <= LongestInput ? text : text[..LongestInput];
    };

    /// <summary>JSON: now a value takes the place of another or of a word, now the text is changed as any other.</summary>
    public static Func<Random, string, string> Json(params string[] words)
    {
        var texts = Words(words);
        return (random, json) => WellFormed(Change(random, json));

        string Change(Random random, string json)
        {
            if (random.Next(3) == 0) return texts(random, json);
            try
            {
                var root = JsonNode.Parse(json);
                var nodes = Nodes(root).ToList();
                if (nodes.Count < 2) return texts(random, json);
                var target = nodes[random.Next(1, nodes.Count)];
                target.ReplaceWith(random.Next(3) == 0 ? JsonNode.Parse(Word(random, words)) : nodes[random.Next(nodes.Count)].DeepClone());
                var mutant = root!.ToJsonString();
                return mutant.Length <= LongestInput ? mutant : json;
            }
            catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
            {
                // It is no JSON any more, or has a name twice.
                return texts(random, json);
            }
        }
    }

    /// <summary>The text as UTF-8 can hold it: half of a surrogate pair becomes U+FFFD.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject map => map.Select(pair => pair.Value).SelectMany(Nodes).Prepend(map),
        JsonArray list => list.SelectMany(Nodes).Prepend(list),
        null => [],
        _ => [node],
    };

    private static int Length(Random random, int most) =>
        most == 0 ? 0 : random.Next(Math.Min(most, random.Next(3) switch { 0 => 1, 1 => 10, _ => most })) + 1;

    private static string Word(Random random, string[] words) => words.Length == 0 ? Character(random) : words[random.Next(words.Length)];

    private static string Character(Random random) => random.Next(6) switch
    {
        0 => ((char)random.Next(32)).ToString(),
        1 or 2 or 3 => ((char)random.Next(32, 127)).ToString(),
        4 => ((char)random.Next(0x80, 0x10000)).ToString(),
        _ => char.ConvertFromUtf32(random.Next(0x10000, 0x110000)),
    };
}
