using System.Runtime.InteropServices;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>
/// A matrix that many others are multiplied by, laid out once for that: panels of some columns, each read from front to back. BLAS would
/// lay it out anew in every product, which for the few hundred rows of a mini-batch costs a fifth of the product.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private const int Panel = 2 * Lanes;

    // Rows of a panel that stay in the nearest cache while all rows of the other matrix pass.
    private const long Depth = 256;

    private readonly float* _panels;
    private readonly long _rows;
    private readonly long _columns;

    /// <param name="matrix">[rows, columns], of any layout; read here and not again.</param>
    public PackedMatrix(Matrix matrix)
    {
        (_rows, _columns) = (matrix.Rows, matrix.Columns);
        var panels = (_columns + Panel - 1) / Panel;
        _panels = (float*)NativeMemory.AlignedAlloc((nuint)(sizeof(float) * panels * _rows * Panel), 64);
        var (row, column) = matrix.IsTransposed ? (1L, matrix.Stride) : (matrix.Stride, 1L);
        for (long panel = 0; panel < panels; panel++)
        {
            for (long i = 0; i < _rows; i++)
            {
                var to = _panels + (((panel * _rows) + i) * Panel);
                for (long k = 0; k < Panel; k++)
                {
                    var at = (panel * Panel) + k;
                    to[k] = at < _columns ? matrix.Data[(i * row) + (at * column)] : 0;
                }
            }
        }
    }

    ~PackedMatrix() => NativeMemory.AlignedFree(_panels);

    /// <summary>c = a b, or c + a b, b being this matrix.</summary>
    /// <param name="a">[n, rows], stored row by row.</param>
    /// <param name="c">[n, columns], stored row by row.</param>
    /// <param name="add">Whether c's former elements count.</param>
    public void LeftMultiply(Matrix a, Matrix c, bool add)
    {
        var panels = (_columns + Panel - 1) / Panel;
        ThreadTeam.For(panels, a.Rows * _rows * Panel / 16, (begin, end) =>
        {
            for (var panel = begin; panel < end; panel++)
            {
                var width = Math.Min(Panel, _columns - (panel * Panel));
                if (width == Panel) Multiply(panel, a, c.Data + (panel * Panel), c.Stride, add);
                else LastPanel(panel, a, c, width, add);
            }
        });
        GC.KeepAlive(this);
    }

    private void Multiply(long panel, Matrix a, float* c, long stride, bool add)
    {
        for (long k = 0; k < _rows; k += Depth)
        {
            var b = _panels + (((panel * _rows) + k) * Panel);
            SmallProduct.Multiply(a.Data + k, a.Stride, 1, b, Panel, c, stride, a.Rows, Panel, Math.Min(Depth, _rows - k), add || k > 0);
        }
    }

    private void LastPanel(long panel, Matrix a, Matrix c, long width, bool add)
    {
        var whole = Workspace.Own.Take(Workspace.Purpose.LastPanel, a.Rows * Panel);
        Multiply(panel, a, whole, Panel, add: false);
        for (long row = 0; row < a.Rows; row++)
        {
            var to = c.Data + (row * c.Stride) + (panel * Panel);
            if (add) VectorMath.Add(whole + (row * Panel), 1, to, width);
            else VectorMath.Copy(whole + (row * Panel), to, width);
        }
    }
}
