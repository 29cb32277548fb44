using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Embedding look-ups.</summary>
internal static class Embedding
{
    /// <summary>Rows of a table.</summary>
    /// <param name="table">[rows, width].</param>
    /// <param name="ids">[batch, tokens], int64.</param>
    /// <returns>[batch, tokens, width].</returns>
    public static Tensor Rows(Tensor table, Tensor ids) =>
        table.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], table.shape[1]);
}
