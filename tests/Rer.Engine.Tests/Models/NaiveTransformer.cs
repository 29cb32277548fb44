using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;

namespace Rer.Engine.Tests.Models;

/// <summary>
/// The architectures once more, from their papers and published code alone: one token after the other, one number after the other, in
/// double precision, on the weights as they are published. Slow, and without a line in common with the engine's.
/// </summary>
internal sealed class NaiveTransformer
{
    private readonly ModelConfig _config;
    private readonly Dictionary<string, (double[] Values, int Columns)> _weights;

    public NaiveTransformer(CausalLm model)
    {
        _config = model.Config;
        _weights = model.Backbone.Weights.Published.ToDictionary(
            weight => weight.Name,
            weight => (Array.ConvertAll(weight.Tensor.detach().contiguous().data<float>().ToArray(), value => (double)value),
                (int)weight.Tensor.shape[^1]));
    }

    /// <summary>States after the final norm, [tokens][hidden].</summary>
    public double[][] Hidden(int[] ids) => _config.ModelType switch
    {
        "gpt2" => Gpt2(ids),
        "gpt_neox" => NeoX(ids),
        _ => Llama(ids),
    };

    private double[][] Llama(int[] ids)
    {
        var x = Array.ConvertAll(ids, id => Row("model.embed_tokens.weight", id));
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var (name, size) = ($"model.layers.{layer}.", _config.HeadSize);
            var normed = Array.ConvertAll(x, row => Rms(row, name + "input_layernorm.weight"));
            double[][] Heads(string kind, bool rotate, string? norm) => [.. normed.Select((row, t) => Concat(
                Linear(row, name + $"self_attn.{kind}_proj").Chunk(size)
                    .Select(head => norm is null ? head : Rms(head, name + "self_attn." + norm))
                    .Select(head => rotate ? Rotate(head, t, size) : head)))];
            var attended = Attend(
                Heads("q", true, _config.QueryKeyNorm ? "q_norm.weight" : null),
                Heads("k", true, _config.QueryKeyNorm ? "k_norm.weight" : null), Heads("v", false, null), _config.SlidingWindow, 1);
            for (var t = 0; t < x.Length; t++)
            {
                x[t] = Add(x[t], Linear(attended[t], name + "self_attn.o_proj"));
                var fed = Rms(x[t], name + "post_attention_layernorm.weight");
                var gated = Linear(fed, name + "mlp.gate_proj")
                    .Zip(Linear(fed, name + "mlp.up_proj"), (gate, up) => gate / (1 + Math.Exp(-gate)) * up);
                x[t] = Add(x[t], Linear([.. gated], name + "mlp.down_proj"));
            }
        }
        return Array.ConvertAll(x, row => Rms(row, "model.norm.weight"));
    }

    private double[][] Gpt2(int[] ids)
    {
        var x = ids.Select((id, t) => Add(Row("transformer.wte.weight", id), Row("transformer.wpe.weight", t))).ToArray();
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var name = $"transformer.h.{layer}.";
            var parts =
                Array.ConvertAll(x, row => Conv(Layer(row, name + "ln_1"), name + "attn.c_attn").Chunk(_config.HiddenSize).ToArray());
            var scale = (_config.ScaleAttention ? 1 : Math.Sqrt(_config.HeadSize)) / (_config.ScaleAttentionByLayer ? layer + 1 : 1);
            var attended = Attend(Array.ConvertAll(parts, p => p[0]), Array.ConvertAll(parts, p => p[1]),
                Array.ConvertAll(parts, p => p[2]), null, scale);
            for (var t = 0; t < x.Length; t++)
            {
                x[t] = Add(x[t], Conv(attended[t], name + "attn.c_proj"));
                var wide = Array.ConvertAll(Conv(Layer(x[t], name + "ln_2"), name + "mlp.c_fc"),
                    u => u / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (u + 0.044715 * u * u * u))));
                x[t] = Add(x[t], Conv(wide, name + "mlp.c_proj"));
            }
        }
        return Array.ConvertAll(x, row => Layer(row, "transformer.ln_f"));
    }

    private double[][] NeoX(int[] ids)
    {
        var (x, size) = (Array.ConvertAll(ids, id => Row("gpt_neox.embed_in.weight", id)), _config.HeadSize);
        var rotated = (int)(size * _config.RotaryFraction);
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var name = $"gpt_neox.layers.{layer}.";
            // Head after head, each with its query, key and value.
            var parts = Array.ConvertAll(x,
                row => Linear(Layer(row, name + "input_layernorm"), name + "attention.query_key_value").Chunk(size).ToArray());
            double[][] Heads(int kind) => [.. parts.Select((part, t) => Concat(
                Enumerable.Range(0, _config.Heads).Select(head => part[3 * head + kind])
                    .Select(head => kind < 2 ? Rotate(head, t, rotated) : head)))];
            var attended = Attend(Heads(0), Heads(1), Heads(2), null, 1);
            for (var t = 0; t < x.Length; t++)
            {
                var after = Add(x[t], Linear(attended[t], name + "attention.dense"));
                var wide =
                    Linear(Layer(_config.ParallelResidual ? x[t] : after, name + "post_attention_layernorm"), name + "mlp.dense_h_to_4h");
                x[t] = Add(after, Linear(Array.ConvertAll(wide, u => u / 2 * (1 + Erf(u / Math.Sqrt(2)))), name + "mlp.dense_4h_to_h"));
            }
        }
        return Array.ConvertAll(x, row => Layer(row, "gpt_neox.final_layer_norm"));
    }

    private double[][] Attend(double[][] query, double[][] key, double[][] value, int? window, double scale)
    {
        var (size, shared) = (_config.HeadSize, _config.Heads / (key[0].Length / _config.HeadSize));
        return [.. query.Select((q, t) => Concat(Enumerable.Range(0, _config.Heads).Select(head =>
        {
            var first = window is { } width ? Math.Max(0, t - width + 1) : 0;
            var scores = Enumerable.Range(first, t - first + 1).Select(s => scale / Math.Sqrt(size)
                * Enumerable.Range(0, size).Sum(i => q[head * size + i] * key[s][head / shared * size + i])).Select(Math.Exp).ToArray();
            return Enumerable.Range(0, size)
                .Select(i => scores.Select((score, s) => score * value[first + s][head / shared * size + i]).Sum() / scores.Sum())
                .ToArray();
        })))];
    }

    /// <summary>Pairs (i, i + half) of the first numbers turn by an angle that grows with the position.</summary>
    private double[] Rotate(double[] head, int position, int rotated)
    {
        var (turned, half) = ((double[])head.Clone(), rotated / 2);
        var temperature = _config.RopeScaling?.Kind == "yarn" ? 0.1 * Math.Log(_config.RopeScaling.Factor) + 1 : 1;
        for (var i = 0; i < half; i++)
        {
            var angle = position * Frequency(i, rotated);
            var (sin, cos) = (temperature * Math.Sin(angle), temperature * Math.Cos(angle));
            (turned[i], turned[i + half]) = (head[i] * cos - head[i + half] * sin, head[i + half] * cos + head[i] * sin);
        }
        return turned;
    }

    private double Frequency(int pair, int rotated)
    {
        var plain = 1 / Math.Pow(_config.RopeTheta, 2.0 * pair / rotated);
        if (_config.RopeScaling is not { } scaling) return plain;
        var turns = scaling.OriginalMaxPositions * plain / (2 * Math.PI);
        if (scaling.Kind == "llama3")
        {
            var kept = Math.Clamp((turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
            return plain * kept + plain / scaling.Factor * (1 - kept);
        }
        // YaRN: the ramp runs over the pairs between the one that turns 32 times and the one that turns once.
        double PairThatTurns(double times) =>
            rotated / 2.0 * Math.Log(scaling.OriginalMaxPositions / (2 * Math.PI * times)) / Math.Log(_config.RopeTheta);
        var (fast, slow) = (Math.Max(0, Math.Floor(PairThatTurns(32))), Math.Min(rotated - 1, Math.Ceiling(PairThatTurns(1))));
        var stretched = Math.Clamp((pair - fast) / (slow == fast ? 0.001 : slow - fast), 0, 1);
        return plain * (1 - stretched) + plain / scaling.Factor * stretched;
    }

    private double[] Rms(double[] x, string gain)
    {
        var scale = 1 / Math.Sqrt(x.Average(value => value * value) + _config.NormEpsilon);
        return [.. x.Zip(_weights[gain].Values, (value, weight) => value * scale * weight)];
    }

    private double[] Layer(double[] x, string name)
    {
        var mean = x.Average();
        var scale = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + _config.NormEpsilon);
        return [.. x.Select(
            (value, i) => (value - mean) * scale * _weights[name + ".weight"].Values[i] + _weights[name + ".bias"].Values[i])];
    }

    /// <summary>A linear layer published as [outputs, inputs].</summary>
    private double[] Linear(double[] x, string name)
    {
        var (weight, columns) = _weights[name + ".weight"];
        var bias = _weights.TryGetValue(name + ".bias", out var found) ? found.Values : null;
        return [.. Enumerable.Range(0, weight.Length / columns)
            .Select(row => x.Select((value, i) => value * weight[row * columns + i]).Sum() + (bias?[row] ?? 0))];
    }

    /// <summary>A linear layer published as [inputs, outputs].</summary>
    private double[] Conv(double[] x, string name)
    {
        var (weight, columns) = _weights[name + ".weight"];
        return [.. Enumerable.Range(0, columns)
            .Select(
                column => x.Select((value, i) => value * weight[i * columns + column]).Sum() + _weights[name + ".bias"].Values[column])];
    }

    private double[] Row(string name, int row) =>
        _weights[name].Values[(row * _weights[name].Columns)..((row + 1) * _weights[name].Columns)];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Concat(IEnumerable<double[]> parts) => [.. parts.SelectMany(part => part)];

    /// <summary>The error function by its Maclaurin series, which serves as far as the function is not yet 1 in float32.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 4.5) return Math.Sign(x);
        var (sum, term) = (0.0, x);
        for (var n = 0; Math.Abs(term) > 1e-17 || n < 3; n++)
        {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
