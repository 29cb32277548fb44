namespace Rer.Engine.Playground.Language;

/// <summary>The words of the world. Values of traits occur nowhere else, so that a sentence can be read back.</summary>
internal static class Lexicon
{
    public static readonly string[] Names =
    [
        "Ada", "Alma", "Arlo", "Basil", "Beno", "Bruno", "Carla", "Cleo", "Dario", "Dora", "Edgar", "Enzo", "Fara", "Felix",
        "Flora", "Gil", "Hana", "Hugo", "Ida", "Igor", "Iris", "Jonas", "Karl", "Kira", "Lars", "Leo", "Mabel", "Milo",
        "Mira", "Nora", "Odin", "Olga", "Omar", "Oscar", "Otto", "Paula", "Quinn", "Rita", "Roman", "Ruben", "Selma", "Sven",
        "Tara", "Theo", "Tom", "Ulla", "Vera", "Viktor", "Wanda", "Xenia", "Yara", "Yuri", "Zelda", "Zeno", "Zora",
    ];

    public static readonly string[] Kinds = ["fox", "bear", "cat", "dog", "hare", "frog", "goat", "crow", "wolf", "mouse"];

    private static readonly string[][] TraitValues =
    [
        ["red", "blue", "green", "white", "black", "brown", "golden", "grey", "silver", "pink", "purple", "yellow"],
        ["forest", "harbour", "meadow", "village", "castle", "desert", "valley", "mountain", "river", "garden", "market", "mill"],
        ["apples", "bread", "soup", "honey", "cheese", "berries", "pears", "nuts", "rice", "carrots", "plums", "cake"],
        ["dancing", "singing", "painting", "baking", "swimming", "climbing", "reading", "sewing", "fishing", "running", "juggling",
            "drawing"],
        ["happy", "proud", "calm", "shy", "brave", "curious", "gentle", "lazy", "clever", "quiet", "jolly", "patient"],
        ["medal", "ribbon", "crown", "cup", "ring", "coin", "trophy", "bell", "banner", "star", "badge", "scarf"],
        ["lantern", "basket", "map", "rope", "drum", "flute", "kite", "hammer", "mirror", "bucket", "ladder", "lamp"],
        ["rain", "snow", "wind", "fog", "sunshine", "thunder", "mist", "frost", "dew", "moonlight", "hail", "twilight"],
    ];

    public static readonly Trait[] Traits = Enum.GetValues<Trait>();

    /// <summary>Sentences that say nothing; padding.</summary>
    public static readonly string[] Fillers =
    [
        "Well, there is so much to say here.", "That is a very good question.", "It is hard to put this into words.",
        "People talk about such things a lot.", "There are many sides to this.", "One could go on and on about it.",
        "Let me think about this for a moment.", "As they say, time will tell.", "Everything has its own way of being.",
        "This and that and so on.",
    ];

    /// <summary>Answers of a policy that does not know.</summary>
    public static readonly string[] Unknowns =
        ["I do not know.", "I am not sure about that.", "That is hard to say.", "Nobody has told me."];

    /// <summary>Values of a trait.</summary>
    public static string[] Values(Trait trait) => TraitValues[(int)trait];
}
