using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// The value function of PPO: a linear layer with bias on the policy's last hidden state, in float32 (TRL 0.7.4's
/// `v_head.summary`).
/// </summary>
public sealed class ValueHead : IDisposable
{
    /// <summary>File that checkpoints keep the head in.</summary>
    public const string FileName = "value_head.safetensors";

    private const string WeightName = "v_head.summary.weight";
    private const string BiasName = "v_head.summary.bias";
    private readonly WeightStore _weights;

    /// <summary>A fresh head, drawn as torch's `nn.Linear` is: uniform within 1 / sqrt(hidden).</summary>
    /// <param name="hiddenSize">Width of the hidden state.</param>
    /// <param name="device">Where it lives.</param>
    /// <param name="seed">Seed of the draws.</param>
    public ValueHead(int hiddenSize, Device device, ulong seed)
    {
        _weights = new WeightStore(device, ScalarType.Float32);
        Weight = _weights.Add(WeightName, [1, hiddenSize]);
        Bias = _weights.Add(BiasName, [1]);
        using var generator = new Generator(seed);
        var bound = 1 / Math.Sqrt(hiddenSize);
        foreach (var (_, tensor) in _weights.Parameters)
        {
            UniformInit.Fill(tensor, bound, generator);
            tensor.requires_grad = true;
        }
    }

    /// <summary>[1, hidden].</summary>
    public Tensor Weight { get; }

    /// <summary>[1].</summary>
    public Tensor Bias { get; }

    /// <summary>Both, under TRL's names.</summary>
    public IReadOnlyList<NamedTensor> Parameters => _weights.Parameters;

    /// <summary>The value of each position.</summary>
    /// <param name="hidden">[.., hidden], any type.</param>
    /// <returns>[..], float32.</returns>
    public Tensor Forward(Tensor hidden) => nn.functional.linear(hidden.to(ScalarType.Float32), Weight, Bias).squeeze(-1);

    /// <summary>Writes `value_head.safetensors`.</summary>
    public void Save(string folder) =>
        SafetensorsWriter.Write(Path.Combine(folder, FileName),
            _weights.Parameters.ToDictionary(weight => weight.Name, weight => weight.Tensor));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or belongs to a model of another width.</exception>
    public void Load(string folder)
    {
        using var file = Safetensors.Open(Path.Combine(folder, FileName));
        foreach (var (name, tensor) in _weights.Parameters) file.ReadInto(name, tensor);
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}
