// Small matrix products. Attention multiplies many small matrices, and decoding multiplies few rows by weights that never
// change: for both a call into BLAS spends as much on arranging its operands as on the product. These hold a tile of the
// result in registers, R rows by N vectors, over operands arranged once.

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

// Rows by tiles of R, what is left by ever smaller ones.
template <int R, int N>
RER_INLINE void tiles(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                      int64_t rows, int64_t depth, bool add) {
    for (; rows >= R; rows -= R, a += R * a_row, c += R * c_row) tile<R, N>(a, a_row, a_column, b, b_row, c, c_row, depth, add);
    if constexpr (R > 1) {
        if (rows > 0) tiles<R / 2, N>(a, a_row, a_column, b, b_row, c, c_row, rows, depth, add);
    }
}

template <int R, int N>
RER_INLINE void multiply(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                         int64_t rows, int64_t columns, int64_t depth, bool add) {
    int64_t column = 0;
    for (; column + N * kLanes <= columns; column += N * kLanes)
        tiles<R, N>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
    for (; column < columns; column += kLanes) tiles<R, 1>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
}

using Multiply = void (*)(const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t, int64_t, int64_t, int64_t, bool);

// The tile is as large as the registers hold: 32 of a whole vector, or 16 of half a one.
#if defined(__x86_64__)
#define RER_MULTIPLY(name, instructions, R, N)                                                                                        \
    __attribute__((target(instructions))) void name(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row,   \
                                                    float* c, int64_t c_row, int64_t rows, int64_t columns, int64_t depth, bool add) { \
        multiply<R, N>(a, a_row, a_column, b, b_row, c, c_row, rows, columns, depth, add);                                            \
    }
RER_MULTIPLY(multiply_avx512, "avx512f", 8, 2)
RER_MULTIPLY(multiply_avx2, "avx2,fma", 6, 1)
#endif

Multiply choose() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return multiply_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return multiply_avx2;
#endif
    return multiply<4, 1>;
}

const Multiply chosen = choose();

// ---- a linear layer whose weight is arranged once

constexpr int64_t kPanel = 2 * kLanes;

// [outputs, inputs] to [panels, inputs, 32]: the order in which the product reads it. What is missing in the last panel
// is 0.
at::Tensor pack_weight(const at::Tensor& weight) {
    check_floats(weight, "the weight");
    TORCH_CHECK(weight.dim() == 2, "the weight has to be [outputs, inputs]");
    auto source = weight.contiguous();
    auto outputs = weight.size(0), inputs = weight.size(1), panels = (outputs + kPanel - 1) / kPanel;
    auto packed = at::zeros({panels, inputs, kPanel}, at::kFloat);
    auto in = source.data_ptr<float>(), out = packed.data_ptr<float>();
    at::parallel_for(0, panels, grain(inputs * kPanel), [=](int64_t begin, int64_t end) {
        for (int64_t output = begin * kPanel; output < std::min(outputs, end * kPanel); output++) {
            auto target = out + output / kPanel * inputs * kPanel + output % kPanel;
            for (int64_t i = 0; i < inputs; i++) target[i * kPanel] = in[output * inputs + i];
        }
    });
    return packed;
}

}  // namespace

at::Tensor multiply_packed(const at::Tensor& x, const at::Tensor& packed, const OptionalTensor& bias, int64_t outputs) {
    check_floats(x, "x");
    check_floats(packed, "the packed weight");
    auto inputs = x.size(-1), panels = (outputs + kPanel - 1) / kPanel;
    TORCH_CHECK(packed.is_contiguous() && packed.dim() == 3 && packed.size(0) == panels && packed.size(1) == inputs && packed.size(2) == kPanel,
                "the packed weight is not that of ", inputs, " inputs and ", outputs, " outputs");
    TORCH_CHECK(!bias.has_value() || !bias->defined() || (bias->is_contiguous() && bias->numel() == outputs), "the bias has to be [", outputs, "]");
    auto source = x.contiguous();
    auto shape = x.sizes().vec();
    shape.back() = outputs;
    auto y = at::empty(shape, at::kFloat);
    auto rows = source.numel() / inputs;
    auto in = source.data_ptr<float>(), weights = packed.data_ptr<float>(), out = y.data_ptr<float>();
    auto shift = bias.has_value() && bias->defined() ? bias->data_ptr<float>() : nullptr;
    at::parallel_for(0, panels, grain(rows * inputs * 4), [=](int64_t begin, int64_t end) {
        std::vector<float> partial;
        for (int64_t panel = begin; panel < end; panel++) {
            auto first = panel * kPanel, width = std::min(kPanel, outputs - first);
            auto weight = weights + panel * inputs * kPanel;
            auto target = out + first;
            if (width == kPanel) {
                chosen(in, inputs, 1, weight, kPanel, target, outputs, rows, kPanel, inputs, false);
            } else {
                partial.resize(rows * kPanel);
                chosen(in, inputs, 1, weight, kPanel, partial.data(), kPanel, rows, kPanel, inputs, false);
                for (int64_t row = 0; row < rows; row++) std::copy_n(partial.data() + row * kPanel, width, target + row * outputs);
            }
            if (shift == nullptr) continue;
            for (int64_t row = 0; row < rows; row++)
                for (int64_t i = 0; i < width; i++) target[row * outputs + i] += shift[first + i];
        }
    });
    return y;
}

void product(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t rows,
             int64_t columns, int64_t depth, bool add) {
    chosen(a, a_row, a_column, b, b_row, c, c_row, rows, columns, depth, add);
}

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("pack_weight(Tensor weight) -> Tensor", &pack_weight);
}

}  // namespace rer
