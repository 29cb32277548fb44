using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rer.Engine.Models.Generation;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd;

/// <summary>What is read from the logits of one position.</summary>
internal static unsafe class TokenDistribution
{
    /// <summary>The log-probability of a label and the entropy, both in nats.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="vocabulary">Logits.</param>
    /// <param name="label">Below the vocabulary.</param>
    /// <param name="entropy">Of the distribution.</param>
    /// <param name="intoSlope">Leave `onehot(label) - p` where the logits are: the gradient of the log-probability by them.</param>
    /// <returns>The log-probability.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float LogProb(float* logits, long vocabulary, long label, out float entropy, bool intoSlope)
    {
        var largest = Largest(logits, vocabulary);
        var largests = Vector512.Create(largest);
        Vector512<float> totals = default, weighted = default;
        var lowest = Vector512.Create(-87f);
        var ofLabel = logits[label];
        for (long i = 0; i < vocabulary; i += Lanes)
        {
            var whole = i + Lanes <= vocabulary;
            var below = (whole ? Vector512.Load(logits + i) : LoadTail(logits + i, vocabulary - i, float.NegativeInfinity)) - largests;
            // What is far below adds nothing, and may be minus infinity.
            var counts = Vector512.GreaterThanOrEqual(below, lowest);
            var mass = Vector512.ConditionalSelect(counts, Exp(below), Vector512<float>.Zero);
            if (intoSlope && whole) mass.Store(logits + i);
            else if (intoSlope) StoreTail(mass, logits + i, vocabulary - i);
            totals += mass;
            weighted = Vector512.FusedMultiplyAdd(mass, Vector512.ConditionalSelect(counts, below, Vector512<float>.Zero), weighted);
        }
        float total = Vector512.Sum(totals), logTotal = MathF.Log(total);
        entropy = logTotal - (Vector512.Sum(weighted) / total);
        if (intoSlope)
        {
            VectorMath.Scale(logits, -1 / total, logits, vocabulary);
            logits[label] += 1;
        }
        return ofLabel - largest - logTotal;
    }

    /// <summary>Draws a token from softmax(logits / temperature), cut by top-k and then by top-p.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="vocabulary">Logits.</param>
    /// <param name="options">Temperature and cuts.</param>
    /// <param name="uniform">In [0, 1): the point of the cumulative distribution.</param>
    public static long Sample(float* logits, long vocabulary, SamplingOptions options, float uniform)
    {
        var masses = Workspace.Own.Take(Workspace.Purpose.Probabilities, vocabulary);
        double total = Exponentials(logits, masses, vocabulary, Largest(logits, vocabulary), (float)(1 / options.Temperature));
        if ((options.TopK > 0 && options.TopK < vocabulary) || options.TopP < 1) total = Cut(masses, vocabulary, options);
        double point = uniform * total, reached = 0;
        long last = 0;
        for (long token = 0; token < vocabulary && reached <= point; token++)
        {
            if (masses[token] == 0) continue;
            reached += masses[token];
            last = token;
        }
        return last;
    }

    /// <summary>Leaves the likeliest tokens, and zeros elsewhere.</summary>
    /// <returns>The mass that is left.</returns>
    private static double Cut(float* masses, long vocabulary, SamplingOptions options)
    {
        var tokens = new int[vocabulary];
        var keys = new float[vocabulary];
        for (var token = 0; token < vocabulary; token++) (tokens[token], keys[token]) = (token, -masses[token]);
        Array.Sort(keys, tokens);
        // As many as are as likely as the last within the k, as a threshold on the logits has it.
        var most = vocabulary;
        if (options.TopK > 0 && options.TopK < vocabulary)
            for (most = options.TopK; most < vocabulary && keys[most] == keys[options.TopK - 1]; most++) { }
        double total = 0, reached = 0;
        for (var i = 0; i < most; i++) total -= keys[i];
        long kept = 0;
        while (kept < most && (kept == 0 || reached < options.TopP * total)) reached -= keys[kept++];
        for (var i = kept; i < vocabulary; i++) masses[tokens[i]] = 0;
        return reached;
    }
}
