// Small matrix products. Attention multiplies many small matrices, for which a call into BLAS spends as much on arranging
// its operands as on the product. These hold a tile of the result in registers, R rows by N vectors.

#include "kernels.h"

namespace rer {
namespace {

// Vector is what one register holds: a wider one the compiler would keep in memory, at a third of the speed.
template <class Vector, int R, int N>
RER_INLINE void tile(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                     int64_t depth, bool add) {
    constexpr int64_t lanes = sizeof(Vector) / sizeof(float);
    Vector sums[R][N];
    for (int r = 0; r < R; r++)
        for (int n = 0; n < N; n++) sums[r][n] = add ? *reinterpret_cast<const Vector*>(c + r * c_row + n * lanes) : Vector{};
    for (int64_t k = 0; k < depth; k++) {
        Vector right[N];
        for (int n = 0; n < N; n++) right[n] = *reinterpret_cast<const Vector*>(b + k * b_row + n * lanes);
        for (int r = 0; r < R; r++) {
            float left = a[r * a_row + k * a_column];
            for (int n = 0; n < N; n++) sums[r][n] += left * right[n];
        }
    }
    for (int r = 0; r < R; r++)
        for (int n = 0; n < N; n++) *reinterpret_cast<Vector*>(c + r * c_row + n * lanes) = sums[r][n];
}

// Rows by tiles of R, what is left by ever smaller ones.
template <class Vector, int R, int N>
RER_INLINE void tiles(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                      int64_t rows, int64_t depth, bool add) {
    for (; rows >= R; rows -= R, a += R * a_row, c += R * c_row) tile<Vector, R, N>(a, a_row, a_column, b, b_row, c, c_row, depth, add);
    if constexpr (R > 1) {
        if (rows > 0) tiles<Vector, R / 2, N>(a, a_row, a_column, b, b_row, c, c_row, rows, depth, add);
    }
}

template <class Vector, int R, int N>
RER_INLINE void multiply(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                         int64_t rows, int64_t columns, int64_t depth, bool add) {
    constexpr int64_t lanes = sizeof(Vector) / sizeof(float);
    int64_t column = 0;
    for (; column + N * lanes <= columns; column += N * lanes)
        tiles<Vector, R, N>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
    for (; column < columns; column += lanes)
        tiles<Vector, R, 1>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
}

using Multiply = void (*)(const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t, int64_t, int64_t, int64_t, bool);

// The tile is as large as the registers hold: 32 of sixteen lanes, or 16 of eight.
#if defined(__x86_64__)
#define RER_MULTIPLY(name, instructions, Vector, R, N)                                                                                  \
    __attribute__((target(instructions))) void name(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row,   \
                                                    float* c, int64_t c_row, int64_t rows, int64_t columns, int64_t depth, bool add) { \
        multiply<Vector, R, N>(a, a_row, a_column, b, b_row, c, c_row, rows, columns, depth, add);                                    \
    }
RER_MULTIPLY(multiply_avx512, "avx512f", Vector16, 8, 2)
RER_MULTIPLY(multiply_avx2, "avx2,fma", Vector8, 6, 2)
#endif

Multiply choose_multiply() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return multiply_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return multiply_avx2;
#endif
    return multiply<Vector4, 4, 2>;
}

const Multiply chosen = choose_multiply();

}  // namespace

void product(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t rows,
             int64_t columns, int64_t depth, bool add) {
    chosen(a, a_row, a_column, b, b_row, c, c_row, rows, columns, depth, add);
}

}  // namespace rer
