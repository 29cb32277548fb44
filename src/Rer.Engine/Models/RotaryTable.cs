using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Rotary position embedding (Su et al. 2021), in the layout of transformers: a head's halves rotate against each other.</summary>
internal sealed class RotaryTable : IDisposable
{
    private readonly Tensor _cos;
    private readonly Tensor _sin;

    /// <param name="config">Head size, rotated share, base, scaling and context.</param>
    /// <param name="device">Where the table lives.</param>
    /// <param name="type">Type of the activations it meets.</param>
    public RotaryTable(ModelConfig config, Device device, ScalarType type)
    {
        var frequencies = Frequencies(config);
        var half = frequencies.Length;
        var cos = new float[config.MaxPositions * 2 * half];
        var sin = new float[cos.Length];
        for (var position = 0; position < config.MaxPositions; position++)
        {
            var row = position * 2 * half;
            for (var i = 0; i < half; i++)
            {
                var (s, c) = Math.SinCos(position * frequencies[i]);
                cos[row + i] = cos[row + half + i] = (float)c;
                sin[row + i] = sin[row + half + i] = (float)s;
            }
        }
        using var scope = NewDisposeScope();
        _cos = tensor(cos, [config.MaxPositions, 2 * half]).to(type).to(device).DetachFromDisposeScope();
        _sin = tensor(sin, [config.MaxPositions, 2 * half]).to(type).to(device).DetachFromDisposeScope();
    }

    /// <summary>The rotation at given positions.</summary>
    /// <param name="positions">[batch or 1, tokens], each below the context.</param>
    /// <returns>Cosines and sines, [batch or 1, tokens, 1, rotated].</returns>
    public Rotation At(Tensor positions)
    {
        var flat = positions.flatten();
        long[] shape = [positions.shape[0], positions.shape[1], 1, _cos.shape[1]];
        return new Rotation(_cos.index_select(0, flat).view(shape), _sin.index_select(0, flat).view(shape));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }

    /// <summary>Radians a position, for each pair of the rotated part of a head.</summary>
    internal static double[] Frequencies(ModelConfig config)
    {
        var rotated = (int)(config.HeadSize * config.RotaryFraction);
        var frequencies = new double[rotated / 2];
        for (var i = 0; i < frequencies.Length; i++)
            frequencies[i] = Scale(Math.Pow(config.RopeTheta, -2.0 * i / rotated), config.RopeScaling);
        return frequencies;
    }

    private static double Scale(double frequency, RopeScaling? scaling)
    {
        if (scaling is null) return frequency;
        if (scaling.Kind == "linear") return frequency / scaling.Factor;
        // Llama 3.1: long wavelengths are stretched, short ones kept, those between are blended.
        var turns = scaling.OriginalMaxPositions * frequency / (2 * Math.PI);
        if (turns < scaling.LowFrequencyFactor) return frequency / scaling.Factor;
        if (turns > scaling.HighFrequencyFactor) return frequency;
        var smooth = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (1 - smooth) * frequency / scaling.Factor + smooth * frequency;
    }
}
