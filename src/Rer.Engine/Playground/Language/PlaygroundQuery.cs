using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Playground.Language;

/// <summary>A query with all that the generator and the rubric know of its answers.</summary>
/// <param name="Task">What it asks for.</param>
/// <param name="Text">The query as a user would write it.</param>
/// <param name="Reference">A good answer.</param>
internal sealed record PlaygroundQuery(TaskKind Task, string Text, string Reference)
{
    /// <summary>Whom it is about; null for arithmetic, conversions and spelling.</summary>
    public Entity? Topic { get; init; }

    /// <summary>The trait that a closed-ended query asks for, where it asks for one.</summary>
    public Trait? Trait { get; init; }

    /// <summary>The short right answer to a closed-ended query (`Red.`).</summary>
    public string Bare { get; init; } = "";

    /// <summary>Wrong answers to a closed-ended query, each as a sentence and in its short form.</summary>
    public IReadOnlyList<(string Sentence, string Bare)> Wrong { get; init; } = [];

    /// <summary>The annotated type.</summary>
    public QueryType QueryType => Task <= TaskKind.Explain ? QueryType.OpenEnded : QueryType.ClosedEnded;
}
