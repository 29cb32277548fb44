namespace Rer.Engine.Data;

/// <summary>
/// SplitMix64 (Steele et al. 2014), seeded by what the numbers are for. Two purposes, steps or items never share a stream, and a
/// stream is found again from its seed alone: nothing random has to be saved in a checkpoint.
/// </summary>
/// <param name="state">The stream's seed.</param>
public sealed class SeededRandom(ulong state)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state = state;

    /// <summary>The stream of a purpose within a run.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="indices">Which one of them: step, epoch, item, sample.</param>
    public static SeededRandom From(int seed, string purpose, params ReadOnlySpan<long> indices) => new(Seed(seed, purpose, indices));

    /// <summary>The seed of <see cref="From"/>, for others' generators.</summary>
    public static ulong Seed(int seed, string purpose, params ReadOnlySpan<long> indices)
    {
        var hash = Mix((ulong)seed + Golden);
        foreach (var c in purpose) hash = Mix(hash ^ (c + Golden));
        foreach (var index in indices) hash = Mix(hash ^ ((ulong)index + Golden));
        return hash;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        while (true)
        {
            var product = (UInt128)NextUInt64() * (ulong)bound;
            if ((ulong)product >= (0UL - (ulong)bound) % (ulong)bound) return (int)(ulong)(product >> 64);
        }
    }

    /// <summary>A uniformly random order of 0 .. <paramref name="count"/> - 1 (Fisher-Yates).</summary>
    public int[] Permutation(int count)
    {
        var permutation = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (permutation[i], permutation[j]) = (permutation[j], permutation[i]);
        }

        return permutation;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
