namespace Rer.Engine.Playground.Language;

/// <summary>What a query asks for. The first four are open-ended, the others closed-ended.</summary>
internal enum TaskKind
{
    Describe,
    Story,
    Advice,
    Explain,
    Fact,
    YesNo,
    Pick,
    Sum,
    Conversion,
    Spelling,
}
