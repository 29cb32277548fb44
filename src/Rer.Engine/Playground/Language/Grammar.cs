using Rer.Engine.Data;

namespace Rer.Engine.Playground.Language;

/// <summary>Writes sentences about inhabitants and reads them back.</summary>
internal sealed class Grammar
{
    /// <summary>How often a sentence names its subject in full (`Mira the fox`).</summary>
    private const double FullNameChance = 0.25;

    private readonly World _world;
    private readonly HashSet<(string Pattern, Trait Trait)> _patterns = [];
    private readonly Dictionary<string, Trait> _traitOfValue = [];
    private readonly HashSet<string> _kinds = [.. Lexicon.Kinds];

    /// <summary>The grammar of a world.</summary>
    public Grammar(World world)
    {
        _world = world;
        foreach (var trait in Lexicon.Traits)
        {
            foreach (var value in Lexicon.Values(trait)) _traitOfValue.Add(value, trait);
            for (var style = TaskKind.Describe; style <= TaskKind.Explain; style++)
            {
                foreach (var opener in Phrasebook.OpenersOf(style))
                {
                    foreach (var core in Phrasebook.CoresOf(style, trait)) _patterns.Add((Uncapitalise(Join(opener, core)), trait));
                }
            }

            _patterns.Add((Phrasebook.Statement(trait), trait));
        }
    }

    /// <summary>A sentence in an open-ended style that claims <paramref name="value"/>.</summary>
    public static string Tell(TaskKind style, Entity entity, Trait trait, string value, SeededRandom random)
    {
        var pattern = Join(random.Pick(Phrasebook.OpenersOf(style)), random.Pick(Phrasebook.CoresOf(style, trait)));
        var subject = random.Chance(FullNameChance) ? entity.FullName : entity.Name;
        return Fill(pattern, subject, value);
    }

    /// <summary>The sentence in which closed-ended references state a trait.</summary>
    public static string State(string subject, Trait trait, string value) => Fill(Phrasebook.Statement(trait), subject, value);

    /// <summary>What a sentence (without its full stop) claims; null where it is none of the world's sentences.</summary>
    public Claim? Read(string sentence)
    {
        Entity? entity = null;
        string? value = null;
        var kindIsRight = true;
        var pattern = new List<string>();
        var words = sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (_world.Find(word) is { } named)
            {
                if (entity is not null) return null;
                entity = named;
                pattern.Add("{N}");
                if (i + 2 < words.Length && words[i + 1] == "the" && _kinds.Contains(words[i + 2]))
                {
                    kindIsRight = words[i + 2] == named.Kind;
                    i += 2;
                }
            }
            else if (_traitOfValue.ContainsKey(word))
            {
                if (value is not null) return null;
                value = word;
                pattern.Add("{V}");
            }
            else
            {
                pattern.Add(word);
            }
        }

        if (entity is null || value is null) return null;
        var trait = _traitOfValue[value];
        return _patterns.Contains((Uncapitalise(string.Join(' ', pattern)), trait)) ? new Claim(entity, trait, value, kindIsRight) : null;
    }

    /// <summary>Splits a text at full stops and question marks.</summary>
    /// <returns>Whole sentences without their marks, and what follows the last mark.</returns>
    public static (List<string> Sentences, string Tail) Split(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('.' or '?' or '!')) continue;
            sentences.Add(text[start..i].Trim());
            start = i + 1;
        }

        return (sentences, text[start..].Trim());
    }

    private static string Join(string opener, string core) => opener.Length == 0 ? core : $"{opener} {core}";

    private static string Fill(string pattern, string subject, string value) =>
        Capitalise(pattern.Replace("{N}", subject).Replace("{V}", value)) + ".";

    internal static string Capitalise(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Uncapitalise(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
