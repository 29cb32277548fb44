// What training alone needs: a linear layer with its low-rank adapters, and Adam.

#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>

#include "kernels.h"

namespace rer {
namespace {

// ---- a linear layer with adapters

// The layer's weight, [outputs, inputs]: as it is, or arranged by pack_weight as it is and transposed, in which case it
// takes no gradient.
struct Weight {
    at::Tensor plain, packed, packed_transposed;
    int64_t outputs;

    Weight(const OptionalTensor& plain, const OptionalTensor& packed, const OptionalTensor& packed_transposed, int64_t outputs)
        : plain(plain.value_or(at::Tensor())), packed(packed.value_or(at::Tensor())), packed_transposed(packed_transposed.value_or(at::Tensor())),
          outputs(outputs) {}

    at::Tensor apply(const at::Tensor& rows, const OptionalTensor& bias) const {
        if (packed.defined()) return multiply_packed(rows, packed, bias, outputs);
        return bias.has_value() && bias->defined() ? at::addmm(*bias, rows, plain.t()) : at::mm(rows, plain.t());
    }

    at::Tensor apply_transposed(const at::Tensor& rows, int64_t inputs) const {
        return packed.defined() ? multiply_packed(rows, packed_transposed, OptionalTensor(), inputs) : rows.mm(plain);
    }
};

// The layer may be several of the published ones stacked; adapter i acts on output columns from starts[i] on:
// y[:, columns] += scale * (x a^T) b^T (Hu et al. 2021).
at::Tensor apply_all(const at::Tensor& rows, const Weight& weight, const OptionalTensor& bias, at::TensorList a, at::TensorList b,
                     at::IntArrayRef starts, at::ArrayRef<double> scales, std::vector<at::Tensor>* lows) {
    auto y = weight.apply(rows, bias);
    for (size_t i = 0; i < a.size(); i++) {
        auto low = rows.mm(a[i].t());
        y.narrow(1, starts[i], b[i].size(0)).addmm_(low, b[i].t(), 1, scales[i]);
        if (lows != nullptr) lows->push_back(low);
    }
    return y;
}

// One operator, so that the output is written in place and the gradient of the input is summed in place, where separate
// ones would copy both.
struct LoraLinear : torch::autograd::Function<LoraLinear> {
    static constexpr size_t kLists = 5;  // where a begins among what is saved

    static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, const OptionalTensor& plain, const OptionalTensor& packed,
                              const OptionalTensor& packed_transposed, const OptionalTensor& bias, at::TensorList a, at::TensorList b,
                              int64_t outputs, const std::vector<int64_t>& starts, const std::vector<double>& scales) {
        std::vector<at::Tensor> lows;
        Weight weight(plain, packed, packed_transposed, outputs);
        auto y = apply_all(rows, weight, bias, a, b, starts, scales, &lows);
        std::vector<at::Tensor> saved{rows, weight.plain, weight.packed, weight.packed_transposed, bias.value_or(at::Tensor())};
        for (auto list : {a, b, at::TensorList(lows)}) saved.insert(saved.end(), list.begin(), list.end());
        context->save_for_backward(saved);
        context->saved_data["outputs"] = outputs;
        context->saved_data["starts"] = starts;
        context->saved_data["scales"] = scales;
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto& rows = saved[0];
        Weight weight(saved[1], saved[2], saved[3], context->saved_data["outputs"].toInt());
        auto starts = context->saved_data["starts"].toIntVector();
        auto scales = context->saved_data["scales"].toDoubleVector();
        auto count = starts.size();
        auto& dy = gradients[0];
        variable_list result(8 + 2 * count);  // rows, the three forms of the weight, bias, every a, every b, outputs, starts, scales
        if (context->needs_input_grad(0)) result[0] = weight.apply_transposed(dy, rows.size(1));
        if (weight.plain.defined() && weight.plain.requires_grad()) result[1] = dy.t().mm(rows);
        if (saved[4].defined() && saved[4].requires_grad()) result[4] = dy.sum(0);
        for (size_t i = 0; i < count; i++) {
            auto &a = saved[kLists + i], &b = saved[kLists + count + i], &low = saved[kLists + 2 * count + i];
            auto part = dy.narrow(1, starts[i], b.size(0));
            auto d_low = part.mm(b).mul_(scales[i]);
            if (result[0].defined()) result[0].addmm_(d_low, a);
            result[5 + i] = d_low.t().mm(rows);
            result[5 + count + i] = part.t().mm(low).mul_(scales[i]);
        }
        return result;
    }
};

at::Tensor lora_linear_over(const at::Tensor& x, const Weight& weight, const OptionalTensor& bias, at::TensorList a, at::TensorList b,
                            at::IntArrayRef starts, at::ArrayRef<double> scales) {
    TORCH_CHECK(a.size() == b.size() && a.size() == starts.size() && a.size() == scales.size(), "the adapters' lists have to be of one length");
    bool graph = needs_graph({&x}) || (weight.plain.defined() && needs_graph({&weight.plain})) || (bias.has_value() && needs_graph({&*bias}));
    for (size_t i = 0; i < a.size(); i++) {
        TORCH_CHECK(a[i].dim() == 2 && b[i].dim() == 2 && a[i].size(1) == x.size(-1) && a[i].size(0) == b[i].size(1),
                    "adapter ", i, " has to be a [rank, inputs] and b [outputs, rank]");
        TORCH_CHECK(starts[i] >= 0 && starts[i] + b[i].size(0) <= weight.outputs, "adapter ", i, " reaches beyond the layer's outputs");
        graph = graph || needs_graph({&a[i], &b[i]});
    }
    auto rows = x.reshape({-1, x.size(-1)});
    auto y = graph ? LoraLinear::apply(rows, OptionalTensor(weight.plain), OptionalTensor(weight.packed), OptionalTensor(weight.packed_transposed), bias, a,
                                       b, weight.outputs, starts.vec(), scales.vec())
                   : apply_all(rows, weight, bias, a, b, starts, scales, nullptr);
    auto shape = x.sizes().vec();
    shape.back() = weight.outputs;
    return y.view(shape);
}

at::Tensor lora_linear(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias, at::TensorList a, at::TensorList b,
                       at::IntArrayRef starts, at::ArrayRef<double> scales) {
    TORCH_CHECK(weight.dim() == 2 && x.size(-1) == weight.size(1), "the weight has to be [outputs, ", x.size(-1), "]");
    return lora_linear_over(x, Weight(weight, OptionalTensor(), OptionalTensor(), weight.size(0)), bias, a, b, starts, scales);
}

at::Tensor packed_lora_linear(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& packed_transposed, const OptionalTensor& bias,
                              at::TensorList a, at::TensorList b, at::IntArrayRef starts, at::ArrayRef<double> scales, int64_t outputs) {
    return lora_linear_over(x, Weight(OptionalTensor(), packed, packed_transposed, outputs), bias, a, b, starts, scales);
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

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def(
        "lora_linear(Tensor x, Tensor weight, Tensor? bias, Tensor[] a, Tensor[] b, int[] starts, float[] scales) -> Tensor", &lora_linear);
    library.def(
        "packed_lora_linear(Tensor x, Tensor packed, Tensor packed_transposed, Tensor? bias, Tensor[] a, Tensor[] b, int[] starts, "
        "float[] scales, int outputs) -> Tensor",
        &packed_lora_linear);
    library.def(
        "adam_(Tensor[] parameters, Tensor[] gradients, Tensor[] firsts, Tensor[] seconds, int step, float learning_rate, "
        "float beta1, float beta2, float epsilon, float weight_decay) -> ()",
        &adam_);
}

}  // namespace rer
