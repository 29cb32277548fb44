using Rer.Engine.Models.Architectures;

namespace Rer.Engine.Models.Attention;

/// <summary>The frequencies of the rotary position embedding (Su et al. 2021) and the ways they are stretched.</summary>
internal static class RotaryFrequencies
{
    /// <summary>Radians a position, for each pair of the rotated part of a head.</summary>
    /// <param name="config">Head size, rotated share, base and scaling.</param>
    /// <param name="length">Tokens of the longest sequence in the pass; only `dynamic` scaling depends on it.</param>
    public static double[] Of(ModelConfig config, long length = 0)
    {
        var rotated = (int)(config.HeadSize * config.RotaryFraction);
        var scaling = config.RopeScaling;
        var theta = scaling is { Kind: "dynamic" } ? DynamicBase(config.RopeTheta, scaling, rotated, length) : config.RopeTheta;
        var plain = Enumerable.Range(0, rotated / 2).Select(i => Math.Pow(theta, -2.0 * i / rotated)).ToArray();
        return scaling?.Kind switch
        {
            "linear" => Array.ConvertAll(plain, frequency => frequency / scaling.Factor),
            "llama3" => Array.ConvertAll(plain, frequency => Llama3(frequency, scaling)),
            "yarn" => Yarn(plain, config.RopeTheta, scaling, rotated),
            _ => plain,
        };
    }

    /// <summary>Beyond the original context the base grows so that the slowest pair just covers the sequence.</summary>
    private static double DynamicBase(double theta, RopeScaling scaling, int rotated, long length)
    {
        double original = scaling.OriginalMaxPositions;
        var reach = Math.Max(length, original) / original;
        return theta * Math.Pow(scaling.Factor * reach - (scaling.Factor - 1), rotated / (rotated - 2.0));
    }

    /// <summary>Llama 3.1: long wavelengths are stretched, short ones kept, those between are blended.</summary>
    private static double Llama3(double frequency, RopeScaling scaling)
    {
        var turns = scaling.OriginalMaxPositions * frequency / (2 * Math.PI);
        if (turns < scaling.LowFrequencyFactor) return frequency / scaling.Factor;
        if (turns > scaling.HighFrequencyFactor) return frequency;
        var smooth = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - smooth) * frequency / scaling.Factor + smooth * frequency;
    }

    /// <summary>YaRN: a linear ramp over the pairs, from kept (fast) to stretched (slow).</summary>
    private static double[] Yarn(double[] plain, double theta, RopeScaling scaling, int rotated)
    {
        // The pair that makes this many turns within the original context.
        double PairOf(double turns) => rotated * Math.Log(scaling.OriginalMaxPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
        var (low, high) = (PairOf(scaling.BetaFast), PairOf(scaling.BetaSlow));
        if (scaling.Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, rotated - 1));
        if (low == high) high += 0.001;
        return [.. plain.Select((frequency, i) =>
        {
            var stretched = Math.Clamp((i - low) / (high - low), 0, 1);
            return frequency / scaling.Factor * stretched + frequency * (1 - stretched);
        })];
    }
}
