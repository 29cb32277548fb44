// Small matrix products. Attention multiplies many small matrices, for which a call into BLAS costs more than the
// product. These hold a tile of the result in registers: R rows by N vectors, over matrices whose rows are padded to
// whole vectors.

#include "kernels.h"

namespace rer {
namespace {

using Vector = float __attribute__((vector_size(64), aligned(4), may_alias));

template <int R, int N>
RER_INLINE void tile(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                     int64_t depth, bool add) {
    Vector sums[R][N];
    for (int r = 0; r < R; r++)
        for (int n = 0; n < N; n++) sums[r][n] = add ? *reinterpret_cast<const Vector*>(c + r * c_row + n * kLanes) : Vector{};
    for (int64_t k = 0; k < depth; k++) {
        Vector right[N];
        for (int n = 0; n < N; n++) right[n] = *reinterpret_cast<const Vector*>(b + k * b_row + n * kLanes);
        for (int r = 0; r < R; r++) {
            float left = a[r * a_row + k * a_column];
            for (int n = 0; n < N; n++) sums[r][n] += left * right[n];
        }
    }
    for (int r = 0; r < R; r++)
        for (int n = 0; n < N; n++) *reinterpret_cast<Vector*>(c + r * c_row + n * kLanes) = sums[r][n];
}

template <int N>
RER_INLINE void columns_of(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                           int64_t rows, int64_t depth, bool add) {
    int64_t row = 0;
    for (; row + 6 <= rows; row += 6) tile<6, N>(a + row * a_row, a_row, a_column, b, b_row, c + row * c_row, c_row, depth, add);
    for (; row + 2 <= rows; row += 2) tile<2, N>(a + row * a_row, a_row, a_column, b, b_row, c + row * c_row, c_row, depth, add);
    for (; row < rows; row++) tile<1, N>(a + row * a_row, a_row, a_column, b, b_row, c + row * c_row, c_row, depth, add);
}

}  // namespace

RER_FOR_EACH_PROCESSOR
void product(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t rows,
             int64_t columns, int64_t depth, bool add) {
    int64_t column = 0;
    for (; column + 2 * kLanes <= columns; column += 2 * kLanes)
        columns_of<2>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
    if (column < columns) columns_of<1>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
}

}  // namespace rer
