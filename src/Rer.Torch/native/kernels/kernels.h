// What the fused kernels share. They are operators of the namespace rer, for float32 on the CPU; each does in one pass
// what several ATen operators do in as many, and their contracts stand in IFusedKernels.cs and IFusedOptimiser.cs.
//
// Loops that carry the work are compiled once for each of three instruction sets, and the processor at hand decides at
// load. Work is split by rows, and sums run within a row or over fixed blocks of rows: no result depends on the threads.
#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>
#include <vector>

#if defined(__x86_64__)
#define RER_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define RER_FOR_EACH_PROCESSOR
#endif
#define RER_INLINE inline __attribute__((always_inline))

namespace rer {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Optional became std::optional in later versions; asking an interface for its own type serves both.
using OptionalTensor = decltype(std::declval<const c10::IValue&>().toOptionalTensorList())::value_type;

// How many rows a thread takes at least: below some 16,384 elements a second thread costs more than it saves.
inline int64_t grain(int64_t elements_per_row) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(1, elements_per_row)); }

inline void check_floats(const at::Tensor& tensor, const char* name) {
    TORCH_CHECK(tensor.is_cpu() && tensor.scalar_type() == at::kFloat, name, " has to be float32 on the CPU, not ",
                tensor.scalar_type(), " on ", tensor.device());
}

// The last dimension dense, so that a row can be read as it lies.
inline at::Tensor with_dense_rows(const at::Tensor& tensor) { return tensor.stride(-1) == 1 ? tensor : tensor.contiguous(); }

inline bool needs_graph(std::initializer_list<const at::Tensor*> tensors) {
    if (!at::GradMode::is_enabled()) return false;
    return std::any_of(tensors.begin(), tensors.end(), [](const at::Tensor* tensor) { return tensor->requires_grad(); });
}

// e^x to 2 units in the last place for x <= 88; what would be below the smallest normal number comes out as that.
// A polynomial (Moshier, Cephes) rather than the library's, which no loop can be vectorised over.
RER_INLINE float exponential(float x) {
    x = x < -87.33654f ? -87.33654f : x;
    x = x > 88.3762626f ? 88.3762626f : x;
    constexpr float shift = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest whole number in the low bits
    float shifted = x * 1.44269504088896341f + shift;
    float whole = shifted - shift;
    float rest = x - whole * 0.693359375f + whole * 2.12194440e-4f;
    float power = 1.9875691500e-4f;
    power = power * rest + 1.3981999507e-3f;
    power = power * rest + 8.3334519073e-3f;
    power = power * rest + 4.1665795894e-2f;
    power = power * rest + 1.6666665459e-1f;
    power = power * rest + 5.0000001201e-1f;
    power = power * rest * rest + rest + 1.0f;
    int32_t bits;
    std::memcpy(&bits, &shifted, sizeof(bits));
    bits = (bits + 127) << 23;
    float scale;
    std::memcpy(&scale, &bits, sizeof(scale));
    return power * scale;
}

RER_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

// Turns a head by its angles: (x1 cos - x2 sin, x2 cos + x1 sin) over the halves of its first 2 * half elements, times a factor.
// Direction -1 turns back. In and out may be the same.
RER_INLINE void turn_head(const float* in, float* out, const float* cos, const float* sin, int64_t half, float direction, float factor = 1) {
#pragma omp simd
    for (int64_t i = 0; i < half; i++) {
        float first = in[i] * factor, second = in[half + i] * factor, s = direction * sin[i];
        out[i] = first * cos[i] - second * s;
        out[half + i] = second * cos[i] + first * s;
    }
}

// Cosines and sines of each token, [batch or 1, tokens, 1, rotated], contiguous; by default there is nothing to turn.
struct Angles {
    at::Tensor cos, sin;
    int64_t rotated = 0;

    Angles() = default;
    Angles(const at::Tensor& given_cos, const at::Tensor& given_sin, int64_t batch, int64_t tokens, int64_t size);

    int64_t offset(int64_t row, int64_t token) const { return ((cos.size(0) == 1 ? 0 : row) * cos.size(1) + token) * rotated; }

    // Of a row's tokens from one on, rotated numbers each; null where there is nothing to turn.
    const float* cos_of(int64_t row, int64_t token = 0) const { return rotated == 0 ? nullptr : cos.data_ptr<float>() + offset(row, token); }
    const float* sin_of(int64_t row, int64_t token = 0) const { return rotated == 0 ? nullptr : sin.data_ptr<float>() + offset(row, token); }
};

// c [rows, columns] = (add ? c : 0) + a [rows, depth] b [depth, columns]; columns is a whole number of kLanes, and the
// strides of a are free, so that a transposed a needs no copy.
void product(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t rows,
             int64_t columns, int64_t depth, bool add);

// c = beta c + alpha a b, of matrices of any layout; c's rows dense.
void multiply_into(const at::Tensor& c, const at::Tensor& a, const at::Tensor& b, double beta, double alpha);

// a b.
at::Tensor multiplied(const at::Tensor& a, const at::Tensor& b);

// rows weight^T + bias, without a gradient.
at::Tensor linear_of(const at::Tensor& rows, const at::Tensor& weight, const OptionalTensor& bias);

// The same for few rows, as decoding has them; x [.., inputs].
at::Tensor few_rows_linear(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias);

// y += x weight^T, likewise; x and y contiguous, of as many rows.
void few_rows_onto(const at::Tensor& y, const at::Tensor& x, const at::Tensor& weight);

// Contiguous rows; scales, where wanted, takes the factor of each.
at::Tensor rms_norm_forward(const at::Tensor& x, const at::Tensor& weight, double epsilon, float* scales);

// The gradient of x from that of the result; that of the weight where d_weight is not null.
at::Tensor rms_norm_gradient(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scales, const at::Tensor& dy, at::Tensor* d_weight);

// The log-probability of each row's label and the entropy of each row's distribution p. Where asked for, logits become the
// gradient of the log-probability by them: [label] - p. Contiguous logits; labels int64.
std::tuple<at::Tensor, at::Tensor> log_prob_entropy_of(const at::Tensor& logits, const at::Tensor& labels, bool into_gradient);

// silu(gate) up of [.., 2 * width], gate first.
at::Tensor silu_mul_forward(const at::Tensor& stacked);

// The gradient of it, from that of the result.
at::Tensor silu_mul_gradient(const at::Tensor& stacked, const at::Tensor& given);

// x += down(silu(gate(n)) up(n)) with n = rms_norm(x), without a gradient, for few rows as decoding has them; x contiguous.
void gated_feed_forward_onto(const at::Tensor& x, const at::Tensor& norm, const at::Tensor& gate_up, const at::Tensor& down, double epsilon);

constexpr int64_t kLanes = 16;

// Four, eight and sixteen floats, as they lie in memory: a register of SSE, AVX2 and AVX-512.
using Vector4 = float __attribute__((vector_size(16), aligned(4), may_alias));
using Vector8 = float __attribute__((vector_size(32), aligned(4), may_alias));
using Vector16 = float __attribute__((vector_size(64), aligned(4), may_alias));

// Four rows of four become their columns.
RER_INLINE void turn(Vector4 (&row)[4]) {
    using Lanes = int32_t __attribute__((vector_size(16)));
    auto low = [](Vector4 a, Vector4 b) { return __builtin_shuffle(a, b, Lanes{0, 4, 1, 5}); };
    auto high = [](Vector4 a, Vector4 b) { return __builtin_shuffle(a, b, Lanes{2, 6, 3, 7}); };
    Vector4 a = low(row[0], row[2]), b = low(row[1], row[3]), c = high(row[0], row[2]), d = high(row[1], row[3]);
    row[0] = low(a, b);
    row[1] = high(a, b);
    row[2] = low(c, d);
    row[3] = high(c, d);
}

inline int64_t padded(int64_t count) { return (count + kLanes - 1) / kLanes * kLanes; }

}  // namespace rer
