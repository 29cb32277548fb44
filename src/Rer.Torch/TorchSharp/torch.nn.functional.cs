using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What a loss does with the losses of its elements.</summary>
        public enum Reduction
        {
            None,
            Mean,
            Sum,
        }

        public static partial class functional
        {
            /// <param name="input">[..., in]</param>
            /// <param name="weights">[out, in]</param>
            /// <param name="bias">[out]</param>
            /// <returns>[..., out]</returns>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.One("linear", input, weights, bias);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_() : x.silu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_() : x.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05)
                => Aten.One("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => inplace ? Aten.InPlace("dropout_", input, p, training) : Aten.One("dropout", input, p, training);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.One("one_hot", x, num_classes);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
            {
                using var norm = Aten.One("norm.ScalarOpt_dim", input, p, Argument.Dimension(dim), true);
                using var bounded = norm.clamp_min(eps);
                return input / bounded;
            }

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08)
                => Aten.One("cosine_similarity", x1, x2, dim, eps);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => Aten.One("pad", input, pad, mode.ToString().ToLowerInvariant(), value);

            /// <summary>Attention over the last two dimensions, [.., queries, head] by [.., keys, head], scaled by 1/sqrt(head).</summary>
            /// <param name="query">[..., queries, head]</param>
            /// <param name="key">[..., keys, head]</param>
            /// <param name="value">[..., keys, head]</param>
            /// <param name="attn_mask">Broadcasts to [..., queries, keys]: true where attended to, or numbers that are added.</param>
            /// <param name="p">Share of the weights that dropout puts to zero.</param>
            /// <param name="is_casual">A query sees no key behind its own place. The spelling is TorchSharp's.</param>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
                => Aten.Has("scaled_dot_product_attention")
                    ? Aten.One("scaled_dot_product_attention", query, key, value, attn_mask, p, is_casual)
                    : ComposedAttention(query, key, value, attn_mask, p, is_casual);

            // libtorch before 2.0 has no such operator, or one with other arguments under a private name.
            private static Tensor ComposedAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                using var scope = NewDisposeScope();
                var scores = query.mul(1 / Math.Sqrt(query.shape[^1])).matmul(key.transpose(-2, -1));
                if (causal)
                {
                    var seen = ones([scores.shape[^2], scores.shape[^1]], ScalarType.Bool, scores.device).tril();
                    scores = scores.masked_fill(seen.logical_not(), double.NegativeInfinity);
                }
                if (mask is not null)
                {
                    scores = mask.dtype == ScalarType.Bool
                        ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity)
                        : scores.add(mask);
                }
                var weights = scores.softmax(-1);
                if (p > 0) weights = dropout(weights, p);
                return weights.matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
