namespace Rer.Torch;

/// <summary>Work shared out over libtorch's own threads.</summary>
public interface IThreadTeam
{
    /// <summary>
    /// Calls <paramref name="body"/> with each number below <paramref name="count"/>, as many at a time as libtorch has threads, and
    /// returns when all are done. The operators within a call keep to its thread. Grad mode is that of the caller.
    /// </summary>
    /// <param name="count">Calls; where it is the number of threads, each thread makes one.</param>
    /// <param name="body">Must not wait for another call.</param>
    /// <remarks>Where calls fail, all others still end; the exception of the first in number is thrown again.</remarks>
    void Run(int count, Action<int> body);
}
