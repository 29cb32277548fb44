namespace Rer.Engine.Playground.Language;

/// <summary>
/// Sentence patterns: `{N}` stands for an inhabitant, `{V}` for a value. An open-ended style joins any of its openers with any
/// of the cores in its voice, so that each trait can be told in 16 ways a style.
/// </summary>
internal static class Phrasebook
{
    private static readonly string[][] Openers =
    [
        ["", "Indeed", "In fact", "Also"],
        ["One day", "Long ago", "That evening", "In the end"],
        ["", "First", "Then", "Please"],
        ["You see,", "After all,", "It helps that", "Part of it is that"],
    ];

    // The first core of each trait is the one that closed-ended references use.
    private static readonly string[][] Present =
    [
        ["{N} wears a {V} coat", "the coat of {N} is {V}", "{N} is known for a {V} coat", "nobody else has a {V} coat like {N}"],
        ["{N} lives near the {V}", "the home of {N} is by the {V}", "{N} knows every path to the {V}", "you can find {N} at the {V}"],
        ["{N} eats {V} every day", "the best meal for {N} is {V}", "{N} never says no to {V}", "{N} keeps some {V} at home"],
        ["{N} is very good at {V}", "{N} spends hours on {V}", "few are better at {V} than {N}", "the neighbours praise {N} for {V}"],
        ["{N} is often {V}", "{N} has a {V} heart", "friends say {N} seems {V}", "deep inside {N} feels {V}"],
        ["{N} once won a {V}", "the pride of {N} is a {V}", "{N} polishes a {V} each week", "a {V} hangs above the bed of {N}"],
        ["{N} always carries a {V}", "the bag of {N} holds a {V}", "{N} goes nowhere without a {V}", "{N} takes good care of a {V}"],
        ["{N} loves the {V}", "{N} feels best in the {V}", "{N} goes out in the {V}", "{N} dreams about the {V}"],
    ];

    private static readonly string[][] Past =
    [
        ["{N} put on a {V} coat", "{N} lost a {V} button", "the {V} coat of {N} got wet", "{N} painted the door {V}"],
        ["{N} walked back to the {V}", "{N} got lost near the {V}", "{N} built a house by the {V}", "friends met {N} at the {V}"],
        ["{N} shared {V} with a friend", "{N} found {V} on the road", "a stranger gave {N} some {V}", "{N} cooked {V} for everyone"],
        ["{N} won everyone over by {V}", "{N} learned {V} from a teacher", "{N} saved the day by {V}", "{N} spent all night {V}"],
        ["{N} felt {V} again", "{N} became very {V}", "{N} stayed {V} all the time", "the others found {N} {V}"],
        ["{N} won a shining {V}", "the king gave {N} a {V}", "{N} dropped the {V} in a well", "{N} came home with a {V}"],
        ["{N} picked up a {V}", "{N} used a {V} to escape", "a thief stole the {V} of {N}", "{N} found an old {V}"],
        ["{N} ran through the {V}", "the {V} surprised {N}", "{N} waited for the {V}", "{N} danced in the {V}"],
    ];

    private static readonly string[][] Imperative =
    [
        ["look for the {V} coat of {N}", "give {N} a {V} hat", "wear something {V} near {N}", "paint the door {V} for {N}"],
        ["visit {N} at the {V}", "meet {N} on the way to the {V}", "send a letter to {N} at the {V}", "walk with {N} around the {V}"],
        ["bring some {V} to {N}", "offer {N} a little {V}", "cook {V} when {N} comes", "save the {V} for {N}"],
        ["ask {N} to teach you {V}", "try {V} together with {N}", "let {N} do the {V}", "learn {V} from {N}"],
        ["be {V} like {N}", "keep {N} {V}", "stay {V} around {N}", "remember that {N} can be {V}"],
        ["admire the {V} of {N}", "ask {N} about the {V}", "never touch the {V} of {N}", "help {N} polish the {V}"],
        ["lend {N} a {V}", "carry the {V} for {N}", "repair the {V} of {N}", "take a {V} along with {N}"],
        ["go out with {N} in the {V}", "wait for the {V} with {N}", "tell {N} about the {V}", "watch the {V} with {N}"],
    ];

    private static readonly string[][] OpenQueries =
    [
        ["Describe {E}.", "What is {E} like?", "Give me a portrait of {E}."],
        ["Tell a story about {E}.", "Write a short tale about {E}.", "What happened to {E}?"],
        ["Give advice to a friend of {E}.", "How should I treat {E}?", "I will meet {E}, any advice?"],
        ["Explain why people like {E}.", "Why is {E} so special?", "What makes {E} famous?"],
    ];

    private static readonly string[][] FactQueries =
    [
        ["What colour is the coat of {E}?", "Name the colour of {E}."],
        ["Where does {E} live?", "Name the home of {E}."],
        ["What does {E} eat every day?", "Name the food of {E}."],
        ["What is {E} very good at?", "Name the skill of {E}."],
        ["How does {E} often feel?", "Name the mood of {E}."],
        ["What did {E} once win?", "Name the prize of {E}."],
        ["What does {E} always carry?", "Name the tool of {E}."],
        ["What weather does {E} love?", "Name the weather of {E}."],
    ];

    /// <summary>Openers of an open-ended style; an empty one is none.</summary>
    public static string[] OpenersOf(TaskKind style) => Openers[(int)style];

    /// <summary>Cores of a trait in an open-ended style's voice.</summary>
    public static string[] CoresOf(TaskKind style, Trait trait) => style switch
    {
        TaskKind.Story => Past[(int)trait],
        TaskKind.Advice => Imperative[(int)trait],
        _ => Present[(int)trait],
    };

    /// <summary>The core in which closed-ended references state a trait.</summary>
    public static string Statement(Trait trait) => Present[(int)trait][0];

    /// <summary>Phrasings of an open-ended query; `{E}` stands for the full name.</summary>
    public static string[] QueriesOf(TaskKind style) => OpenQueries[(int)style];

    /// <summary>Phrasings of a question for a trait.</summary>
    public static string[] QuestionsOf(Trait trait) => FactQueries[(int)trait];
}
