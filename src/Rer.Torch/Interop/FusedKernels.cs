using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

internal sealed class FusedKernels : IFusedKernels
{
    private readonly bool _normOnCuda = Aten.Has("_fused_rms_norm"); // what rms_norm then calls

    public bool Take(Tensor tensor) => tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU;

    public bool TakesNorm(Tensor x) => Take(x) || (_normOnCuda && x.device_type == DeviceType.CUDA);

    public Tensor RmsNorm(Tensor x, Tensor weight, double epsilon)
        => Take(x) ? Aten.One("rer::rms_norm", x, weight, epsilon) : Aten.One("rms_norm", x, weight.shape, weight, epsilon);

    public Tensor Rotary(Tensor x, Tensor cos, Tensor sin) => Aten.One("rer::rotary", x, cos, sin);

    public Tensor SiluMul(Tensor stacked) => Aten.One("rer::silu_mul", stacked);

    public (Tensor LogProbs, Tensor Entropy) LogProbEntropy(Tensor logits, Tensor labels) => Aten.Two("rer::log_prob_entropy", logits, labels);

    public (Tensor LogProbs, Tensor Entropy) HeadLogProbEntropy(Tensor hidden, Tensor head, Tensor labels, long rowsAtOnce)
        => Aten.Two("rer::head_log_prob_entropy", hidden, head, labels, rowsAtOnce);

    public Tensor CausalAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, long window)
        => Aten.One("rer::causal_attention", query, key, value, mask, window);

    public Tensor RotaryAttention(Tensor stacked, Tensor cos, Tensor sin, Tensor? mask, long[] lengths, long heads, long keyHeads, long window)
        => Aten.One("rer::rotary_attention", stacked, cos, sin, mask, lengths, heads, keyHeads, window);

    public Tensor DecodeAttention(
        Tensor query, Tensor key, Tensor value, Tensor keys, Tensor values, Tensor starts, long filled, long window)
        => Aten.One("rer::decode_attention", query, key, value, keys, values, starts, filled, window);

    public Tensor RotaryDecodeAttention(
        Tensor stacked, Tensor cos, Tensor sin, Tensor keys, Tensor values, Tensor starts, long filled, long window)
        => Aten.One("rer::rotary_decode_attention", stacked, cos, sin, keys, values, starts, filled, window);

    public Tensor LoraLinear(Tensor x, Tensor weight, Tensor? bias, IList<Tensor> a, IList<Tensor> b, long[] starts, double[] scales)
        => Aten.One("rer::lora_linear", x, weight, bias, Argument.List(a), Argument.List(b), starts, scales);

    public Tensor GatedFeedForward(Tensor x, Tensor norm, Tensor gateUp, Tensor down, double epsilon)
        => Aten.One("rer::gated_feed_forward", x, norm, gateUp, down, epsilon);

    public void DecodeBlock(
        Tensor x, BlockWeights weights, double epsilon, Tensor cos, Tensor sin, Tensor keys, Tensor values, Tensor starts, long filled, long window)
        => Aten.Do(
            "rer::decode_block_", x, weights.AttentionNorm, weights.QueryKeyValue, weights.QueryKeyValueBias, weights.AttentionOutput,
            weights.FeedForwardNorm, weights.GateUp, weights.Down, epsilon, cos, sin, keys, values, starts, filled, window);

    public Tensor Linear(Tensor x, Tensor weight, Tensor? bias) => Aten.One("rer::linear", x, weight, bias);

    public int FewRows => 24;

    public Tensor FewRowsLinear(Tensor x, Tensor weight, Tensor? bias) => Aten.One("rer::few_rows_linear", x, weight, bias);

    public Tensor Sample(Tensor logits, Tensor uniforms, double temperature, long topK, double topP)
        => Aten.One("rer::sample", logits, uniforms, temperature, topK, topP);
}
