// Kernels whose rows are independent: RMS norm, rotary embedding, SwiGLU.

#include "kernels.h"

namespace rer {
namespace {

// ---- RMS norm

RER_FOR_EACH_PROCESSOR
void rms_norm_rows(const float* x, const float* weight, float* y, float* scales, int64_t begin, int64_t end, int64_t width, float epsilon) {
    for (int64_t row = begin; row < end; row++) {
        const float* in = x + row * width;
        float* out = y + row * width;
        float squares = 0;
#pragma omp simd reduction(+ : squares)
        for (int64_t i = 0; i < width; i++) squares += in[i] * in[i];
        float scale = 1.0f / std::sqrt(squares / static_cast<float>(width) + epsilon);
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = in[i] * scale * weight[i];
        if (scales != nullptr) scales[row] = scale;
    }
}

// With n = x * scale: dx = scale * (dy*w - n * mean(dy*w*n)), and each row adds dy * n to dw.
RER_FOR_EACH_PROCESSOR
void rms_norm_backward_rows(const float* x, const float* weight, const float* scales, const float* dy, float* dx, float* dw,
                            int64_t begin, int64_t end, int64_t width) {
    for (int64_t row = begin; row < end; row++) {
        const float* in = x + row * width;
        const float* grad = dy + row * width;
        float* out = dx + row * width;
        float scale = scales[row];
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < width; i++) sum += grad[i] * weight[i] * in[i];
        float mean = sum * scale * scale / static_cast<float>(width);
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = scale * (grad[i] * weight[i] - in[i] * mean);
        if (dw == nullptr) continue;
#pragma omp simd
        for (int64_t i = 0; i < width; i++) dw[i] += grad[i] * in[i] * scale;
    }
}

}  // namespace

at::Tensor rms_norm_forward(const at::Tensor& x, const at::Tensor& weight, double epsilon, float* scales) {
    auto width = x.size(-1);
    auto y = at::empty_like(x);
    auto in = x.data_ptr<float>(), gain = weight.data_ptr<float>(), out = y.data_ptr<float>();
    at::parallel_for(0, x.numel() / width, grain(width), [=](int64_t begin, int64_t end) {
        rms_norm_rows(in, gain, out, scales, begin, end, width, static_cast<float>(epsilon));
    });
    return y;
}

at::Tensor rms_norm_gradient(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& scales, const at::Tensor& dy, at::Tensor* d_weight) {
    constexpr int64_t block = 64;
    auto width = x.size(-1), rows = x.numel() / width, blocks = (rows + block - 1) / block;
    auto dx = at::empty_like(x);
    auto partial = d_weight != nullptr ? at::zeros({blocks, width}, x.options()) : at::Tensor();
    auto in = x.data_ptr<float>(), gain = weight.data_ptr<float>(), norm = scales.data_ptr<float>(), grad = dy.data_ptr<float>(),
         out = dx.data_ptr<float>(), sums = d_weight != nullptr ? partial.data_ptr<float>() : nullptr;
    at::parallel_for(0, blocks, grain(block * width), [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++)
            rms_norm_backward_rows(in, gain, norm, grad, out, sums == nullptr ? nullptr : sums + i * width, i * block,
                                   std::min(rows, (i + 1) * block), width);
    });
    if (d_weight != nullptr) *d_weight = partial.sum(0);
    return dx;
}

namespace {

struct RmsNorm : torch::autograd::Function<RmsNorm> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, double epsilon) {
        auto scales = at::empty({x.numel() / x.size(-1)}, x.options());
        auto y = rms_norm_forward(x, weight, epsilon, scales.data_ptr<float>());
        context->save_for_backward({x, weight, scales});
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        at::Tensor d_weight;
        auto dx = rms_norm_gradient(saved[0], saved[1], saved[2], gradients[0].contiguous(), context->needs_input_grad(1) ? &d_weight : nullptr);
        return {dx, d_weight, at::Tensor()};
    }
};

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
    check_floats(x, "x");
    check_floats(weight, "weight");
    TORCH_CHECK(x.dim() > 0 && weight.dim() == 1 && weight.size(0) == x.size(-1), "the weight has to be as wide as x");
    auto rows = x.contiguous();
    auto gain = weight.contiguous();
    return needs_graph({&x, &weight}) ? RmsNorm::apply(rows, gain, epsilon) : rms_norm_forward(rows, gain, epsilon, nullptr);
}

// ---- rotary embedding

RER_FOR_EACH_PROCESSOR
void rotate_heads(const float* x, float* y, const float* cos, const float* sin, int64_t heads, int64_t x_stride, int64_t y_stride,
                  int64_t half, int64_t size, float direction) {
    for (int64_t head = 0; head < heads; head++) {
        turn_head(x + head * x_stride, y + head * y_stride, cos, sin, half, direction);
        std::copy(x + head * x_stride + 2 * half, x + head * x_stride + size, y + head * y_stride + 2 * half);
    }
}

}  // namespace

Angles::Angles(const at::Tensor& given_cos, const at::Tensor& given_sin, int64_t batch, int64_t tokens, int64_t size)
    : cos(given_cos.contiguous()), sin(given_sin.contiguous()), rotated(cos.size(-1)) {
    check_floats(cos, "cos");
    check_floats(sin, "sin");
    TORCH_CHECK(rotated % 2 == 0 && rotated <= size, "cos has to be of an even size no larger than a head's ", size, ", not ", rotated);
    TORCH_CHECK(cos.dim() == 4 && cos.sizes() == sin.sizes() && (cos.size(0) == 1 || cos.size(0) == batch) && cos.size(1) == tokens &&
                    cos.size(2) == 1,
                "cos and sin have to be [batch or 1, tokens, 1, rotated]");
}

namespace {

// x is [batch, tokens, heads, size]; the backward pass turns the other way.
at::Tensor rotate(const at::Tensor& given, const Angles& angles, float direction) {
    auto x = with_dense_rows(given);
    auto batch = x.size(0), tokens = x.size(1), heads = x.size(2), size = x.size(3);
    auto y = at::empty({batch, tokens, heads, size}, x.options());
    auto in = x.data_ptr<float>(), out = y.data_ptr<float>(), c = angles.cos.data_ptr<float>(), s = angles.sin.data_ptr<float>();
    at::parallel_for(0, batch * tokens, grain(heads * size), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
            auto row = i / tokens, token = i % tokens, angle = angles.offset(row, token);
            rotate_heads(in + row * x.stride(0) + token * x.stride(1), out + i * heads * size, c + angle, s + angle, heads, x.stride(2), size,
                         angles.rotated / 2, size, direction);
        }
    });
    return y;
}

Angles angles_of(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
    return Angles(cos, sin, x.size(0), x.size(1), x.size(3));
}

struct Rotary : torch::autograd::Function<Rotary> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
        context->save_for_backward({cos, sin});
        return rotate(x, angles_of(x, cos, sin), 1);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        return {rotate(gradients[0], angles_of(gradients[0], saved[0], saved[1]), -1), at::Tensor(), at::Tensor()};
    }
};

at::Tensor rotary(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
    check_floats(x, "x");
    TORCH_CHECK(x.dim() == 4, "x has to be [batch, tokens, heads, head size]");
    return needs_graph({&x}) ? Rotary::apply(x, cos, sin) : rotate(x, angles_of(x, cos, sin), 1);
}

// ---- SwiGLU

RER_FOR_EACH_PROCESSOR
void silu_mul_row(const float* gate, const float* up, float* y, int64_t width) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) y[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

RER_FOR_EACH_PROCESSOR
void silu_mul_backward_row(const float* gate, const float* up, const float* dy, float* dgate, float* dup, int64_t width) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) {
        float s = sigmoid(gate[i]), unit = gate[i] * s;
        dgate[i] = dy[i] * up[i] * (s + unit * (1.0f - s));
        dup[i] = dy[i] * unit;
    }
}

}  // namespace

at::Tensor silu_mul_forward(const at::Tensor& stacked) {
    auto width = stacked.size(-1) / 2;
    auto shape = stacked.sizes().vec();
    shape.back() = width;
    auto y = at::empty(shape, stacked.options());
    auto in = stacked.data_ptr<float>(), out = y.data_ptr<float>();
    at::parallel_for(0, width == 0 ? 0 : y.numel() / width, grain(width), [=](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++) silu_mul_row(in + 2 * row * width, in + (2 * row + 1) * width, out + row * width, width);
    });
    return y;
}

at::Tensor silu_mul_gradient(const at::Tensor& stacked, const at::Tensor& given) {
    auto dy = given.contiguous();
    auto width = dy.size(-1);
    auto result = at::empty_like(stacked);
    auto in = stacked.data_ptr<float>(), grad = dy.data_ptr<float>(), out = result.data_ptr<float>();
    at::parallel_for(0, width == 0 ? 0 : dy.numel() / width, grain(width), [=](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++) {
            auto gate = 2 * row * width, up = gate + width;
            silu_mul_backward_row(in + gate, in + up, grad + row * width, out + gate, out + up, width);
        }
    });
    return result;
}

namespace {

struct SiluMul : torch::autograd::Function<SiluMul> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& stacked) {
        context->save_for_backward({stacked});
        return silu_mul_forward(stacked);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        return {silu_mul_gradient(context->get_saved_variables()[0], gradients[0])};
    }
};

at::Tensor silu_mul(const at::Tensor& given) {
    check_floats(given, "the stacked projection");
    TORCH_CHECK(given.dim() > 0 && given.size(-1) % 2 == 0, "the last dimension has to be gate and up, of one width");
    auto stacked = given.contiguous();
    return needs_graph({&stacked}) ? SiluMul::apply(stacked) : silu_mul_forward(stacked);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("rms_norm(Tensor x, Tensor weight, float epsilon) -> Tensor", &rms_norm);
    library.def("rotary(Tensor x, Tensor cos, Tensor sin) -> Tensor", &rotary);
    library.def("silu_mul(Tensor stacked) -> Tensor", &silu_mul);
}

}  // namespace rer
