// The feed-forward half of a Llama block, weights frozen: y = x + down(silu(gate(n)) up(n)) with n = rms_norm(x). One operator
// where its parts would be five, which for small models cost as much in being called as in their work.

#include "kernels.h"

namespace rer {
namespace {

struct GatedFeedForward : torch::autograd::Function<GatedFeedForward> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, const at::Tensor& norm, const at::Tensor& gate_up,
                              const at::Tensor& down, double epsilon) {
        auto scales = at::empty({rows.size(0)}, rows.options());
        auto stacked = multiplied(rms_norm_forward(rows, norm, epsilon, scales.data_ptr<float>()), gate_up.t());
        context->save_for_backward({rows, norm, scales, gate_up, down, stacked});
        return behind(rows, stacked, down);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &rows = saved[0], &norm = saved[1], &scales = saved[2], &gate_up = saved[3], &down = saved[4];
        auto dy = gradients[0].contiguous();
        auto d_normed = multiplied(silu_mul_gradient(saved[5], multiplied(dy, down)), gate_up);
        variable_list result(5);
        result[0] = rms_norm_gradient(rows, norm, scales, d_normed, nullptr).add_(dy);
        return result;
    }

    static at::Tensor behind(const at::Tensor& rows, const at::Tensor& stacked, const at::Tensor& down) {
        auto y = rows.clone();
        multiply_into(y, silu_mul_forward(stacked), down.t(), 1, 1);
        return y;
    }
};

void check_weights(const at::Tensor& x, const at::Tensor& norm, const at::Tensor& gate_up, const at::Tensor& down) {
    for (auto tensor : {&x, &norm, &gate_up, &down}) check_floats(*tensor, "every tensor");
    auto width = x.size(-1);
    TORCH_CHECK(norm.dim() == 1 && norm.size(0) == width && gate_up.dim() == 2 && gate_up.size(1) == width && down.dim() == 2 &&
                    down.size(0) == width && gate_up.size(0) == 2 * down.size(1),
                "norm has to be [", width, "], gate and up [2 * inner, ", width, "], down [", width, ", inner]");
    TORCH_CHECK(norm.is_contiguous(), "norm has to be contiguous");
    TORCH_CHECK(!needs_graph({&norm, &gate_up, &down}), "the weights are taken to be frozen");
}

at::Tensor gated_feed_forward(const at::Tensor& x, const at::Tensor& norm, const at::Tensor& gate_up, const at::Tensor& down, double epsilon) {
    check_weights(x, norm, gate_up, down);
    auto rows = x.reshape({-1, x.size(-1)}).contiguous();
    auto y = needs_graph({&x}) ? GatedFeedForward::apply(rows, norm, gate_up, down, epsilon)
                               : GatedFeedForward::behind(rows, multiplied(rms_norm_forward(rows, norm, epsilon, nullptr), gate_up.t()), down);
    return y.view(x.sizes());
}

}  // namespace

void gated_feed_forward_onto(const at::Tensor& x, const at::Tensor& norm, const at::Tensor& gate_up, const at::Tensor& down, double epsilon) {
    check_weights(x, norm, gate_up, down);
    few_rows_onto(x, silu_mul_forward(few_rows_linear(rms_norm_forward(x, norm, epsilon, nullptr), gate_up, OptionalTensor())), down);
}

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("gated_feed_forward(Tensor x, Tensor norm, Tensor gate_up, Tensor down, float epsilon) -> Tensor", &gated_feed_forward);
}

}  // namespace rer
