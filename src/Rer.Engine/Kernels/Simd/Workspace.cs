using System.Runtime.InteropServices;

namespace Rer.Engine.Kernels.Simd;

/// <summary>Memory of one thread for intermediate results, kept from call to call: it grows to the largest need of each purpose.</summary>
internal sealed unsafe class Workspace
{
    [ThreadStatic] private static Workspace? _own;
    private readonly float*[] _memory = new float*[Enum.GetValues<Purpose>().Length];
    private readonly long[] _lengths = new long[Enum.GetValues<Purpose>().Length];

    ~Workspace()
    {
        foreach (var memory in _memory) NativeMemory.AlignedFree(memory);
    }

    /// <summary>What a piece of memory is for; two that are in use at a time have purposes of their own.</summary>
    public enum Purpose
    {
        /// <summary>Rotated queries of a head.</summary>
        Queries,

        /// <summary>Rotated keys of a head, a row per token.</summary>
        KeyRows,

        /// <summary>The same, a column per token.</summary>
        KeyColumns,

        /// <summary>Attention's scores of some queries.</summary>
        Scores,

        /// <summary>Attention's results of some queries.</summary>
        Mixed,

        /// <summary>Values of a head, padded rows.</summary>
        ValueRows,

        /// <summary>Values of a head, a column per token.</summary>
        ValueColumns,

        /// <summary>Gradients of <see cref="Scores"/>.</summary>
        ScoreGradients,

        /// <summary>Gradients of a head's keys.</summary>
        KeyGradients,

        /// <summary>Gradients of a head's values.</summary>
        ValueGradients,

        /// <summary>Gradients of a head's results, padded rows.</summary>
        OutputGradients,

        /// <summary>A normalised residual stream.</summary>
        Normed,

        /// <summary>Its gradient.</summary>
        NormedGradient,

        /// <summary>Queries, keys and values side by side.</summary>
        Stacked,

        /// <summary>Their gradients.</summary>
        StackedGradient,

        /// <summary>What attention gives, or its gradient, at every token.</summary>
        Attended,

        /// <summary>What attention gives at the tokens that are wanted.</summary>
        PickedAttended,

        /// <summary>Its gradient.</summary>
        AttendedGradient,

        /// <summary>Gate and up side by side.</summary>
        GateUp,

        /// <summary>Their gradients.</summary>
        GateUpGradient,

        /// <summary>The gated unit.</summary>
        Gated,

        /// <summary>Its gradient.</summary>
        GatedGradient,

        /// <summary>The gradient of the residual stream at every token.</summary>
        Residual,

        /// <summary>The gradient of the residual stream at the tokens that are wanted.</summary>
        ResidualGradient,

        /// <summary>The gradient of what the low-rank matrices A give.</summary>
        LowRank,

        /// <summary>All A of a layer, stacked.</summary>
        StackedA,

        /// <summary>The last columns of a product with a packed matrix.</summary>
        LastPanel,

        /// <summary>Logits of some positions.</summary>
        Logits,

        /// <summary>Probabilities of one row.</summary>
        Probabilities,

        /// <summary>A block's intermediate results where no gradient will ask for them.</summary>
        Kept,
    }

    /// <summary>The calling thread's.</summary>
    public static Workspace Own => _own ??= new Workspace();

    /// <summary>Room for some floats; what it held of the same purpose is lost. Valid until the purpose is asked for again.</summary>
    public float* Take(Purpose purpose, long length)
    {
        var i = (int)purpose;
        if (_lengths[i] >= length) return _memory[i];
        NativeMemory.AlignedFree(_memory[i]);
        _lengths[i] = VectorMath.Padded(length) + VectorMath.Lanes;
        return _memory[i] = (float*)NativeMemory.AlignedAlloc((nuint)(sizeof(float) * _lengths[i]), 64);
    }
}
