// A linear layer over few rows, as decoding has them. BLAS first rearranges the weights, which for few rows costs as much
// as the product; this reads them once, as they lie. A row's result does not depend on the rows beside it.

#include "kernels.h"

namespace rer {
namespace {

constexpr int64_t kOutputs = 4;  // at a time, by R rows: their sums stay in registers
constexpr int64_t kLine = 16;    // floats in a line of the cache

// By halves, to four lanes: the compiler makes additions of vectors of it.
template <class Vector>
RER_INLINE Vector4 folded(const Vector& lanes) {
    constexpr int parts = sizeof(Vector) / sizeof(Vector4);
    Vector4 part[parts];
    std::memcpy(part, &lanes, sizeof(Vector));
    for (int width = parts / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) part[i] += part[i + width];
    return part[0];
}

// The totals of the lanes of four vectors, or of one: four are turned on their side and added, which takes a third of the instructions.
template <class Vector>
RER_INLINE Vector4 totals(const Vector (&sums)[4]) {
    Vector4 part[4] = {folded(sums[0]), folded(sums[1]), folded(sums[2]), folded(sums[3])};
    turn(part);
    return (part[0] + part[2]) + (part[1] + part[3]);
}

template <class Vector>
RER_INLINE float totals(const Vector (&sums)[1]) {
    Vector4 part = folded(sums[0]);
    return (part[0] + part[2]) + (part[1] + part[3]);
}

// What is left of the inputs behind whole vectors.
__attribute__((noinline)) void add_rest(const float* x, int64_t x_row, const float* weight, float* y, int64_t y_row, int64_t from, int64_t inputs,
                                        int rows, int outputs) {
    for (int r = 0; r < rows; r++)
        for (int o = 0; o < outputs; o++)
            for (int64_t i = from; i < inputs; i++) y[r * y_row + o] += x[r * x_row + i] * weight[o * inputs + i];
}

// R rows by O outputs. The weights of the next tile are asked for meanwhile: rows of weights are too short for the processor to
// see by itself what comes behind them.
template <class Vector, int R, int O>
RER_INLINE void tile(const float* x, int64_t x_row, const float* weight, const float* offset, int64_t offset_row, float* y, int64_t y_row,
                     int64_t inputs) {
    constexpr int64_t lanes = sizeof(Vector) / sizeof(float);
    Vector sums[R][O];
    for (int r = 0; r < R; r++)
        for (int o = 0; o < O; o++) sums[r][o] = Vector{};
    int64_t k = 0;
    for (; k + lanes <= inputs; k += lanes) {
        if (k % kLine == 0)
            for (int o = 0; o < O; o++) __builtin_prefetch(weight + (O + o) * inputs + k);
        Vector of_x[R];
        for (int r = 0; r < R; r++) of_x[r] = *reinterpret_cast<const Vector*>(x + r * x_row + k);
        for (int o = 0; o < O; o++) {
            Vector of_weight = *reinterpret_cast<const Vector*>(weight + o * inputs + k);
            for (int r = 0; r < R; r++) sums[r][o] += of_x[r] * of_weight;
        }
    }
    for (int r = 0; r < R; r++) {
        auto total = totals(sums[r]);
        decltype(total) more = {};
        if (offset != nullptr) std::memcpy(&more, offset + r * offset_row, sizeof(more));
        total += more;
        std::memcpy(y + r * y_row, &total, sizeof(total));
    }
    if (k < inputs) add_rest(x, x_row, weight, y, y_row, k, inputs, R, O);
}

template <class Vector, int R, int O>
RER_INLINE void rows_of(const float* x, int64_t rows, const float* weight, const float* offset, int64_t offset_row, float* y, int64_t y_row,
                        int64_t inputs) {
    for (; rows >= R; rows -= R, x += R * inputs, y += R * y_row) {
        tile<Vector, R, O>(x, inputs, weight, offset, offset_row, y, y_row, inputs);
        if (offset != nullptr) offset += R * offset_row;
    }
    if constexpr (R > 1) {
        if (rows > 0) rows_of<Vector, R - 1, O>(x, rows, weight, offset, offset_row, y, y_row, inputs);
    }
}

// y = x weight^T + offset for outputs [begin, end). The offset is one row for all (offset_row 0), a row each, or null; it may be y.
template <class Vector, int R>
RER_INLINE void outputs_of(const float* x, int64_t rows, const float* weight, const float* offset, int64_t offset_row, float* y, int64_t outputs,
                           int64_t inputs, int64_t begin, int64_t end) {
    int64_t output = begin;
    auto from = [&] { return offset == nullptr ? nullptr : offset + output; };
    for (; output + kOutputs <= end; output += kOutputs)
        rows_of<Vector, R, kOutputs>(x, rows, weight + output * inputs, from(), offset_row, y + output, outputs, inputs);
    for (; output < end; output++) rows_of<Vector, R, 1>(x, rows, weight + output * inputs, from(), offset_row, y + output, outputs, inputs);
}

using FewRows = void (*)(const float*, int64_t, const float*, const float*, int64_t, float*, int64_t, int64_t, int64_t, int64_t);

#if defined(__x86_64__)
#define RER_FEW_ROWS(name, instructions, Vector, R)                                                                                       \
    __attribute__((target(instructions))) void name(const float* x, int64_t rows, const float* weight, const float* offset,               \
                                                    int64_t offset_row, float* y, int64_t outputs, int64_t inputs, int64_t begin,         \
                                                    int64_t end) {                                                                        \
        outputs_of<Vector, R>(x, rows, weight, offset, offset_row, y, outputs, inputs, begin, end);                                       \
    }
RER_FEW_ROWS(few_rows_avx512, "avx512f", Vector16, 4)
RER_FEW_ROWS(few_rows_avx2, "avx2,fma", Vector8, 3)
#endif

FewRows choose_few_rows() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return few_rows_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return few_rows_avx2;
#endif
    return outputs_of<Vector4, 2>;
}

const FewRows few_rows = choose_few_rows();

// x and weight contiguous.
void multiply_few(const at::Tensor& x, const at::Tensor& weight, const float* offset, int64_t offset_row, const at::Tensor& y) {
    auto inputs = weight.size(1), outputs = weight.size(0), rows = x.numel() / std::max<int64_t>(1, inputs);
    auto from = x.data_ptr<float>(), w = weight.data_ptr<float>(), to = y.data_ptr<float>();
    // Whole groups of outputs to a thread, so that each output is computed by the same code whatever the threads.
    auto groups = (outputs + kOutputs - 1) / kOutputs;
    at::parallel_for(0, groups, grain(rows * inputs / 4), [=](int64_t begin, int64_t end) {
        few_rows(from, rows, w, offset, offset_row, to, outputs, inputs, begin * kOutputs, std::min(outputs, end * kOutputs));
    });
}

}  // namespace

at::Tensor few_rows_linear(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias) {
    check_floats(x, "x");
    check_floats(weight, "weight");
    TORCH_CHECK(weight.dim() == 2 && x.dim() > 0 && x.size(-1) == weight.size(1), "the weight has to be [outputs, inputs of x]");
    auto offset = bias.has_value() && bias->defined() ? bias->contiguous() : at::Tensor();
    auto shape = x.sizes().vec();
    shape.back() = weight.size(0);
    auto y = at::empty(shape, x.options());
    multiply_few(x.contiguous(), weight.contiguous(), offset.defined() ? offset.data_ptr<float>() : nullptr, 0, y);
    return y;
}

void few_rows_onto(const at::Tensor& y, const at::Tensor& x, const at::Tensor& weight) {
    multiply_few(x, weight.contiguous(), y.data_ptr<float>(), weight.size(0), y);
}

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("few_rows_linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor", &few_rows_linear);
}

}  // namespace rer
