namespace Rer.Engine.Rewards.Relevance;

/// <summary>A vector that is zero nearly everywhere.</summary>
/// <param name="Indices">Places of the entries, ascending.</param>
/// <param name="Values">The entries.</param>
internal readonly record struct SparseVector(int[] Indices, float[] Values)
{
    /// <summary>The inner product with another vector.</summary>
    public double Dot(SparseVector other)
    {
        var (sum, i, j) = (0.0, 0, 0);
        while (i < Indices.Length && j < other.Indices.Length)
        {
            var difference = Indices[i] - other.Indices[j];
            if (difference == 0) sum += (double)Values[i++] * other.Values[j++];
            else if (difference < 0) i++;
            else j++;
        }

        return sum;
    }
}
