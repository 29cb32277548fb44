using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Ways to make an input of another: for <see cref="Fuzz.Run{T}"/>.</summary>
internal static class Mutation
{
    // Inputs that only grow are slow and teach nothing more.
    private const int LongestInput = 20_000;

    /// <summary>Texts: pieces dropped, repeated, exchanged, put elsewhere, and words of a language put in.</summary>
    public static Func<Random, string, string> Texts(params string[] words) => (random, text) =>
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
        var texts = Texts(words);
        return (random, json) =>
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
        };
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject map => map.Select(pair => pair.Value).SelectMany(Nodes).Prepend(map),
        JsonArray list => list.SelectMany(Nodes).Prepend(list),
        null => [],
        _ => [node],
    };

    /// <summary>Bytes: bits turned, numbers made large or small, pieces dropped, repeated and put elsewhere.</summary>
    public static byte[] Bytes(Random random, byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        var length = Length(random, bytes.Length - at);
        byte[] mutant = [.. bytes];
        switch (random.Next(7))
        {
            case 0: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 1: mutant = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]]; break;
            case 2:
                var to = random.Next(bytes.Length + 1);
                mutant = [.. bytes[..to], .. bytes[at..(at + length)], .. bytes[to..]];
                break;
            case 3:
                mutant = [.. bytes[..at], .. Enumerable.Repeat(bytes[at..(at + length)], random.Next(2, 100)).SelectMany(piece =>
                    piece), .. bytes[at..]];
                break;
            case 4 when at < bytes.Length: mutant[at] ^= (byte)(1 << random.Next(8)); break;
            case 5 when at < bytes.Length: mutant[at] = (byte)random.Next(256); break;
            default:
                byte[][] numbers = [[0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0], [0x7F], [0x80],
                    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]];
                mutant = [.. bytes[..at], .. numbers[random.Next(numbers.Length)], .. bytes[at..]];
                break;
        }
        return mutant.Length <= LongestInput || mutant.Length < bytes.Length ? mutant : bytes;
    }

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
