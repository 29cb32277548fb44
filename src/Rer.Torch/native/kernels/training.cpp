// What training alone needs: a linear layer with its low-rank adapters, and Adam.

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

#include "kernels.h"

namespace rer {
namespace {

// ---- a linear layer with adapters

// The layer may be several of the published ones stacked; adapter i acts on output columns from starts[i] on:
// y[:, columns] += scale * (x a^T) b^T (Hu et al. 2021). One operator, so that the output is written in place and the
// gradient of the input is summed in place, where separate ones would copy both. All a read the same x: they are laid one
// under the other, and the low-rank sides of all adapters are one product.
struct LoraLinear : torch::autograd::Function<LoraLinear> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias,
                              at::TensorList a, at::TensorList b, const std::vector<int64_t>& starts, const std::vector<double>& scales) {
        auto rows = x.reshape({-1, x.size(-1)});
        auto all_a = at::cat(a, 0);
        auto low = multiplied(rows, all_a.t());
        auto y = apply_to(rows, weight, bias, low, b, starts, scales);
        std::vector<at::Tensor> saved{rows, weight, bias.has_value() ? *bias : at::Tensor(), all_a, low};
        saved.insert(saved.end(), b.begin(), b.end());
        context->save_for_backward(saved);
        context->saved_data["starts"] = starts;
        context->saved_data["scales"] = scales;
        context->saved_data["shape"] = x.sizes().vec();
        return y.view(shape_of(x, weight));
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &rows = saved[0], &weight = saved[1], &all_a = saved[3], &low = saved[4];
        auto starts = context->saved_data["starts"].toIntVector();
        auto scales = context->saved_data["scales"].toDoubleVector();
        auto count = starts.size();
        auto dy = gradients[0].reshape({-1, weight.size(0)});
        variable_list result(5 + 2 * count);  // x, weight, bias, every a, every b, starts, scales
        if (context->needs_input_grad(1)) result[1] = multiplied(dy.t(), rows);
        if (saved[2].defined() && saved[2].requires_grad()) result[2] = dy.sum(0);
        auto d_low = at::empty_like(low);
        int64_t column = 0;
        for (size_t i = 0; i < count; i++) {
            auto& b = saved[5 + i];
            auto part = dy.narrow(1, starts[i], b.size(0));
            multiply_into(d_low.narrow(1, column, b.size(1)), part, b, 0, scales[i]);
            result[3 + count + i] = at::empty_like(b);
            multiply_into(result[3 + count + i], part.t(), low.narrow(1, column, b.size(1)), 0, scales[i]);
            column += b.size(1);
        }
        auto d_a = multiplied(d_low.t(), rows);
        column = 0;
        for (size_t i = 0; i < count; i++) {
            auto rank = saved[5 + i].size(1);
            result[3 + i] = d_a.narrow(0, column, rank);
            column += rank;
        }
        if (context->needs_input_grad(0)) {
            auto dx = multiplied(dy, weight);
            multiply_into(dx, d_low, all_a, 1, 1);
            result[0] = dx.view(context->saved_data["shape"].toIntVector());
        }
        return result;
    }

    // low is x by all a, side by side.
    static at::Tensor apply_to(const at::Tensor& rows, const at::Tensor& weight, const OptionalTensor& bias, const at::Tensor& low,
                               at::TensorList b, at::IntArrayRef starts, at::ArrayRef<double> scales) {
        auto y = linear_of(rows, weight, bias);
        int64_t column = 0;
        for (size_t i = 0; i < b.size(); i++) {
            multiply_into(y.narrow(1, starts[i], b[i].size(0)), low.narrow(1, column, b[i].size(1)), b[i].t(), 1, scales[i]);
            column += b[i].size(1);
        }
        return y;
    }

    static std::vector<int64_t> shape_of(const at::Tensor& x, const at::Tensor& weight) {
        auto shape = x.sizes().vec();
        shape.back() = weight.size(0);
        return shape;
    }
};

at::Tensor lora_linear(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias, at::TensorList a, at::TensorList b,
                       at::IntArrayRef starts, at::ArrayRef<double> scales) {
    TORCH_CHECK(a.size() == b.size() && a.size() == starts.size() && a.size() == scales.size(), "the adapters' lists have to be of one length");
    TORCH_CHECK(weight.dim() == 2 && x.size(-1) == weight.size(1), "the weight has to be [outputs, ", x.size(-1), "]");
    bool graph = needs_graph({&x, &weight}) || (bias.has_value() && needs_graph({&*bias}));
    for (size_t i = 0; i < a.size(); i++) {
        TORCH_CHECK(a[i].dim() == 2 && b[i].dim() == 2 && a[i].size(1) == x.size(-1) && a[i].size(0) == b[i].size(1),
                    "adapter ", i, " has to be a [rank, inputs] and b [outputs, rank]");
        TORCH_CHECK(starts[i] >= 0 && starts[i] + b[i].size(0) <= weight.size(0), "adapter ", i, " reaches beyond the layer's outputs");
        graph = graph || needs_graph({&a[i], &b[i]});
    }
    if (graph) return LoraLinear::apply(x, weight, bias, a, b, starts.vec(), scales.vec());
    auto rows = x.reshape({-1, x.size(-1)});
    auto y = LoraLinear::apply_to(rows, weight, bias, multiplied(rows, at::cat(a, 0).t()), b, starts, scales);
    return y.view(LoraLinear::shape_of(x, weight));
}

// ---- Adam

RER_FOR_EACH_PROCESSOR
void adam_range(float* parameter, const float* gradient, float* first, float* second, int64_t count, float keep1, float take1,
                float keep2, float take2, float step_size, float root_correction, float epsilon, float decay) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) {
        float g = gradient[i] + decay * parameter[i];
        float m = first[i] * keep1 + g * take1;
        float v = second[i] * keep2 + g * g * take2;
        first[i] = m;
        second[i] = v;
        parameter[i] -= step_size * (m / (std::sqrt(v) / root_correction + epsilon));
    }
}

void adam_(at::TensorList parameters, at::TensorList gradients, at::TensorList firsts, at::TensorList seconds, int64_t step,
           double learning_rate, double beta1, double beta2, double epsilon, double weight_decay) {
    auto count = static_cast<int64_t>(parameters.size());
    TORCH_CHECK(gradients.size() == parameters.size() && firsts.size() == parameters.size() && seconds.size() == parameters.size(),
                "the lists have to be of one length");
    TORCH_CHECK(step >= 1, "the first step is 1, not ", step);
    int64_t elements = 0;
    for (int64_t i = 0; i < count; i++) {
        for (auto tensor : {&parameters[i], &gradients[i], &firsts[i], &seconds[i]}) {
            check_floats(*tensor, "every tensor");
            TORCH_CHECK(tensor->is_contiguous() && tensor->sizes() == parameters[i].sizes(), "tensors ", i, " have to be contiguous and of one shape");
        }
        elements += parameters[i].numel();
    }
    auto step_size = static_cast<float>(learning_rate / (1 - std::pow(beta1, step)));
    auto root_correction = static_cast<float>(std::sqrt(1 - std::pow(beta2, step)));
    at::parallel_for(0, count, grain(elements / std::max<int64_t>(1, count)), [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++)
            adam_range(parameters[i].data_ptr<float>(), gradients[i].data_ptr<float>(), firsts[i].data_ptr<float>(),
                       seconds[i].data_ptr<float>(), parameters[i].numel(), static_cast<float>(beta1), static_cast<float>(1 - beta1),
                       static_cast<float>(beta2), static_cast<float>(1 - beta2), step_size, root_correction,
                       static_cast<float>(epsilon), static_cast<float>(weight_decay));
    });
}

// ---- the gradient's norm

RER_FOR_EACH_PROCESSOR
double squares_of(const float* x, int64_t count) {
    constexpr int64_t block = 1024;  // added up in float32, the blocks in float64
    double total = 0;
    for (int64_t start = 0; start < count; start += block) {
        float sum = 0;
        auto end = std::min(count, start + block);
#pragma omp simd reduction(+ : sum)
        for (int64_t i = start; i < end; i++) sum += x[i] * x[i];
        total += sum;
    }
    return total;
}

at::Tensor norm(at::TensorList tensors) {
    double total = 0;
    for (const auto& tensor : tensors) {
        check_floats(tensor, "every tensor");
        TORCH_CHECK(tensor.is_contiguous(), "every tensor has to be contiguous");
        total += squares_of(tensor.data_ptr<float>(), tensor.numel());
    }
    return at::full({}, std::sqrt(total), at::kFloat);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("norm(Tensor[] tensors) -> Tensor", &norm);
    library.def(
        "lora_linear(Tensor x, Tensor weight, Tensor? bias, Tensor[] a, Tensor[] b, int[] starts, float[] scales) -> Tensor", &lora_linear);
    library.def(
        "adam_(Tensor[] parameters, Tensor[] gradients, Tensor[] firsts, Tensor[] seconds, int step, float learning_rate, "
        "float beta1, float beta2, float epsilon, float weight_decay) -> ()",
        &adam_);
}

}  // namespace rer
