using Rer.Engine.Rewards;

namespace Rer.Web.Api;

/// <summary>A design in all its forms.</summary>
/// <param name="Title">The preset's name where it is one, else the text.</param>
/// <param name="Text">The canonical text.</param>
/// <param name="Hash">Names it in runs and files.</param>
/// <param name="Branching">Whether the query types have rows of their own.</param>
/// <param name="Features">Symbols it uses.</param>
public sealed record DesignInfo(string Title, string Text, string Hash, bool Branching, IReadOnlyList<string> Features)
{
    internal static DesignInfo Of(RewardDesign design) => new(design.Title, design.Text, design.Hash, design.Branching, design.Symbols);
}
