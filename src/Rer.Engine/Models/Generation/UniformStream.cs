namespace Rer.Engine.Models.Generation;

/// <summary>
/// The random numbers of one sequence: a function of its seed and the position alone, so that what a sequence samples
/// depends on nothing else. SplitMix64 (Steele, Lea and Flood 2014) read by counter.
/// </summary>
internal static class UniformStream
{
    /// <summary>Uniform in [0, 1), a multiple of 2^-23: below 1 by more than a float32 sum of probabilities is off.</summary>
    public static float At(ulong seed, int position)
    {
        var bits = Mix(Mix(seed) + ((ulong)position + 1) * 0x9E3779B97F4A7C15);
        return (bits >> 41) * (1f / (1 << 23));
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
