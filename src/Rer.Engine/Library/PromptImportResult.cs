using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Library;

/// <summary>What a file gives as mapped. Places are lines of the file, from 1; rows where it has no lines.</summary>
/// <param name="Items">The items.</param>
/// <param name="Bad">Rows whose fields are no text, one message each; they are left out.</param>
/// <param name="Empty">Rows without a query; they are left out.</param>
/// <param name="Untyped">Items without a query type: branching designs cannot use them.</param>
/// <param name="Unreferenced">Items without a reference: designs that compare with one cannot use them.</param>
/// <param name="Duplicates">Items whose query occurs before.</param>
public sealed record PromptImportResult(
    IReadOnlyList<PromptItem> Items, IReadOnlyList<string> Bad, IReadOnlyList<int> Empty, IReadOnlyList<int> Untyped,
    IReadOnlyList<int> Unreferenced, int Duplicates)
{
    /// <summary>Items that every design can use.</summary>
    public int Complete => Items.Count(i => i.QueryType is not null && i.Reference is not null);
}
