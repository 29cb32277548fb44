using Rer.Torch.Interop;

namespace TorchSharp;

// Fewer elements out of more: sums, extremes, order.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Aten.One("sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null)
            => Aten.One("sum.dim_IntList", this, Argument.Dimension(dim), keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.One("sum.dim_IntList", this, dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
            => Aten.One("sum.dim_IntList", this, Argument.Dimensions(dim), keepdim, type);

        public Tensor mean() => Aten.One("mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.One("mean.dim", this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => Aten.One("prod", this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Aten.One("prod.dim_int", this, dim, keepdim, type);

        public Tensor var(bool unbiased = true) => Aten.One("var", this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Aten.One("var.dim", Typed(type), Argument.Dimension(dim), unbiased, keepdim);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Aten.One("var.dim", Typed(type), dimensions, unbiased, keepdim);

        public Tensor std(bool unbiased = true) => Aten.One("std", this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Aten.One("std.dim", Typed(type), Argument.Dimension(dim), unbiased, keepdim);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Aten.One("std.dim", Typed(type), dimensions, unbiased, keepdim);

        public Tensor max() => Aten.One("max", this);

        public Tensor max(Tensor other) => Aten.One("max.other", this, other);

        /// <summary>The largest elements along a dimension, and where they stand.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Aten.Two("max.dim", this, dim, keepdim);

        public Tensor min() => Aten.One("min", this);

        public Tensor min(Tensor other) => Aten.One("min.other", this, other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Aten.Two("min.dim", this, dim, keepdim);

        public Tensor amax(params long[] dims) => Aten.One("amax", this, dims);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null)
            => @out is null ? Aten.One("amax", this, dims, keepdim) : Into("amax.out", this, dims, keepdim, @out);

        public Tensor amin(params long[] dims) => Aten.One("amin", this, dims);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null)
            => @out is null ? Aten.One("amin", this, dims, keepdim) : Into("amin.out", this, dims, keepdim, @out);

        public Tensor argmax() => Aten.One("argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Aten.One("argmax", this, dim, keepdim);

        public Tensor argmin() => Aten.One("argmin", this);

        public Tensor argmin(long dim, bool keepdim = false) => Aten.One("argmin", this, dim, keepdim);

        public Tensor median() => Aten.One("median", this);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.One("quantile", this, q, dim, keepdim);

        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.One("logsumexp", this, Argument.Dimension(dim), keepdim);

        public Tensor logcumsumexp(long dim) => Aten.One("logcumsumexp", this, dim);

        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.One("cumsum", this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.One("cumprod", this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.Two("cummax", this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.Two("cummin", this, dim);

        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null)
            => Aten.One("diff", this, n, dim, prepend, append);

        public Tensor norm(float p = 2) => Aten.One("norm.Scalar", this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2)
            => Aten.One("norm.ScalarOpt_dim", this, (double)p, Argument.Dimension(dim), keepdim);

        public Tensor all() => Aten.One("all", this);

        public Tensor all(long dim, bool keepdim = false) => Aten.One("all.dim", this, dim, keepdim);

        public Tensor any() => Aten.One("any", this);

        public Tensor any(long dim, bool keepdim = false) => Aten.One("any.dim", this, dim, keepdim);

        public Tensor count_nonzero(long[]? dims = null)
            => dims is null ? Aten.One("count_nonzero", this) : Aten.One("count_nonzero.dim_IntList", this, dims);

        public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false, bool stable = false)
            => Aten.Two("sort.stable", this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Aten.One("argsort", this, dim, descending);

        public (Tensor values, Tensor indices) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
            => Aten.Two("topk", this, k, dim, largest, sorted);

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false)
            => Aten.Two("kthvalue", this, k, dim ?? -1, keepdim);

        /// <summary>The distinct elements; where asked for, the place of each element among them, and how often each occurs.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            var (output, inverse, counts) = dim is { } along
                ? Aten.Three("unique_dim", this, along, sorted, return_inverse, return_counts)
                : Aten.Three("_unique2", this, sorted, return_inverse, return_counts);
            if (!return_inverse) inverse.Dispose();
            if (!return_counts) counts.Dispose();
            return (output, return_inverse ? inverse : null, return_counts ? counts : null);
        }

        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.One("bincount", this, weights, minlength);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.One("softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.One("log_softmax.int", this, dim, dtype);

        private Tensor Typed(ScalarType? type) => type is { } given && given != dtype ? to_type(given) : this;

        private static Tensor Into(string name, params ReadOnlySpan<Argument> arguments)
        {
            Aten.Do(name, arguments);
            return (Tensor)arguments[^1].Owner!;
        }
    }
}
