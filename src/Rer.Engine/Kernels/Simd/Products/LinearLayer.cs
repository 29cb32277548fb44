using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>A projection over rows in memory, its weights frozen and its adapters trained.</summary>
/// <param name="weight">[outputs, inputs].</param>
/// <param name="bias">[outputs], or null.</param>
/// <param name="adapters">Low-rank changes of parts of the output.</param>
/// <param name="packed">The weight, packed; null where it is not.</param>
internal sealed unsafe class LinearLayer(Tensor weight, Tensor? bias, IReadOnlyList<LowRank> adapters, PackedWeight? packed = null)
{
    // Elements of a weight that is multiplied row by row: it stays in the nearest cache, and BLAS would spend more on packing it. A row's
    // result then depends on no other row.
    private const long SmallWeight = 1 << 15;

    private readonly long[] _ranks = [.. adapters.Select(adapter => adapter.A.size(0))];

    /// <summary>A projection as it acts now.</summary>
    public LinearLayer(Projection projection)
        : this(projection.Weight, projection.Bias, projection.Adapters, projection.Packed)
    {
    }

    /// <summary>Width of the input.</summary>
    public long Inputs { get; } = weight.size(1);

    /// <summary>Width of the output.</summary>
    public long Outputs { get; } = weight.size(0);

    /// <summary>Ranks of all adapters together.</summary>
    public long Rank => _ranks.Sum();

    /// <summary>What is trained: A and B of each adapter.</summary>
    public IEnumerable<Tensor> Trained => adapters.SelectMany(adapter => (Tensor[])[adapter.A, adapter.B]);

    /// <summary>Whether everything is as this class takes it: frozen weights, in contiguous memory.</summary>
    public bool IsFrozen => !weight.requires_grad && bias is not { requires_grad: true };

    /// <summary>y = x weightᵀ + bias + adapters, or y + that.</summary>
    /// <param name="x">[rows, inputs], contiguous.</param>
    /// <param name="y">[rows, outputs], contiguous.</param>
    /// <param name="low">[rows, <see cref="Rank"/>]: takes `x Aᵀ` of all adapters.</param>
    /// <param name="add">Whether y's former elements count.</param>
    public void Forward(Matrix x, Matrix y, Matrix low, bool add)
    {
        if (bias is not null) AddBias(y, add);
        var onto = add || bias is not null;
        if (Inputs * Outputs <= SmallWeight)
            FewRows.Linear(x.Data, x.Rows, Weight.Data, onto ? y.Data : null, Outputs, y.Data, Outputs, Inputs);
        else if (packed is not null) packed.Forward.LeftMultiply(x, y, onto);
        else Blas.Multiply(x, Weight.T, y, beta: onto ? 1 : 0);
        if (adapters.Count == 0) return;
        Blas.Multiply(x, StackedA().T, low);
        for (var (i, column) = (0, 0L); i < adapters.Count; column += _ranks[i++])
            Blas.Multiply(low.Slice(column, _ranks[i]), Matrix.Of(adapters[i].B).T, Part(y, i), (float)adapters[i].Scale, beta: 1);
    }

    /// <summary>The gradients of the adapters, A and B of each in turn, and of the input where it is asked for.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="low">From <see cref="Forward"/>.</param>
    /// <param name="dy">The gradient of the output, [rows, outputs].</param>
    /// <param name="dx">[rows, inputs]: takes the gradient of the input; null where it is not wanted.</param>
    public IEnumerable<Tensor> Backward(Matrix x, Matrix low, Matrix dy, Matrix? dx)
    {
        var gradients = new List<Tensor>(2 * adapters.Count);
        var dLow = new Matrix(Workspace.Own.Take(Workspace.Purpose.LowRank, dy.Rows * Rank), dy.Rows, Rank);
        for (var (i, column) = (0, 0L); i < adapters.Count; column += _ranks[i++])
        {
            var (a, b, _, scale) = adapters[i];
            Tensor dA = Matrix.New(a.size(0), a.size(1)), dB = Matrix.New(b.size(0), b.size(1));
            var own = dLow.Slice(column, _ranks[i]);
            Blas.Multiply(Part(dy, i), Matrix.Of(b), own, (float)scale);
            Blas.Multiply(Part(dy, i).T, low.Slice(column, _ranks[i]), Matrix.Of(dB), (float)scale);
            Blas.Multiply(own.T, x, Matrix.Of(dA));
            gradients.AddRange([dA, dB]);
        }
        if (dx is { } wanted)
        {
            if (packed is not null) packed.Backward.LeftMultiply(dy, wanted, add: false);
            else Blas.Multiply(dy, Weight, wanted);
            if (adapters.Count > 0) Blas.Multiply(dLow, StackedA(), wanted, beta: 1);
        }
        return gradients;
    }

    private Matrix Weight => Matrix.Of(weight);

    private Matrix Part(Matrix y, int i) => y.Slice(adapters[i].Start, adapters[i].B.size(0));

    /// <summary>All A, one over the other: one product for all of them.</summary>
    private Matrix StackedA()
    {
        if (adapters.Count == 1) return Matrix.Of(adapters[0].A);
        var all = new Matrix(Workspace.Own.Take(Workspace.Purpose.StackedA, Rank * Inputs), Rank, Inputs);
        var to = all.Data;
        foreach (var adapter in adapters)
        {
            VectorMath.Copy(Matrix.Floats(adapter.A), to, adapter.A.numel());
            to += adapter.A.numel();
        }
        return all;
    }

    private void AddBias(Matrix y, bool add)
    {
        var offsets = Matrix.Floats(bias!);
        for (long row = 0; row < y.Rows; row++)
        {
            var to = y.Data + (row * y.Stride);
            if (add) VectorMath.Add(offsets, 1, to, Outputs);
            else VectorMath.Copy(offsets, to, Outputs);
        }
    }
}
