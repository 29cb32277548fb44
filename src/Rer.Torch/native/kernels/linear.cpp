// Linear layers over whole sequences: a few hundred rows by a few hundred columns. OpenBLAS arranges both operands before it
// multiplies, which such sizes hardly repay; oneDNN's product, where libtorch has brought it along, is a quarter to a third
// faster there.

#include <ATen/ops/addmm.h>
#include <dlfcn.h>

#include "kernels.h"

namespace rer {
namespace {

// dnnl_sgemm of dnnl.h, oneDNN 1 to 3: row by row, c = alpha op(a) op(b) + beta c; 0 where it succeeded.
using Sgemm = int (*)(char, char, int64_t, int64_t, int64_t, float, const float*, int64_t, const float*, int64_t, float, float*, int64_t);

const Sgemm sgemm = reinterpret_cast<Sgemm>(dlsym(RTLD_DEFAULT, "dnnl_sgemm"));

// How a product is told of a matrix whose rows, or whose columns, are dense.
struct Operand {
    const float* data = nullptr;
    char transposed = 0;  // 0 where neither are
    int64_t leading = 0;

    explicit Operand(const at::Tensor& matrix) {
        if (!matrix.is_cpu() || matrix.scalar_type() != at::kFloat || matrix.numel() == 0) return;
        data = matrix.data_ptr<float>();
        auto rows = matrix.size(0), columns = matrix.size(1);
        if (matrix.stride(1) == 1 && (rows == 1 || matrix.stride(0) >= columns)) {
            transposed = 'N';
            leading = rows == 1 ? columns : matrix.stride(0);
        } else if (matrix.stride(0) == 1 && (columns == 1 || matrix.stride(1) >= rows)) {
            transposed = 'T';
            leading = columns == 1 ? rows : matrix.stride(1);
        }
    }
};

}  // namespace

void multiply_into(const at::Tensor& c, const at::Tensor& a, const at::Tensor& b, double beta, double alpha) {
    Operand left(a), right(b), result(c);
    if (sgemm == nullptr || left.transposed == 0 || right.transposed == 0 || result.transposed != 'N' ||
        sgemm(left.transposed, right.transposed, c.size(0), c.size(1), a.size(1), static_cast<float>(alpha), left.data, left.leading, right.data,
              right.leading, static_cast<float>(beta), const_cast<float*>(result.data), result.leading) != 0)
        at::Tensor(c).addmm_(a, b, beta, alpha);
}

at::Tensor multiplied(const at::Tensor& a, const at::Tensor& b) {
    auto c = at::empty({a.size(0), b.size(1)}, a.options());
    multiply_into(c, a, b, 0, 1);
    return c;
}

at::Tensor linear_of(const at::Tensor& rows, const at::Tensor& weight, const OptionalTensor& bias) {
    if (!bias.has_value() || !bias->defined()) return multiplied(rows, weight.t());
    auto y = at::empty({rows.size(0), weight.size(0)}, rows.options()).copy_(*bias);
    multiply_into(y, rows, weight.t(), 1, 1);
    return y;
}

namespace {

struct Linear : torch::autograd::Function<Linear> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, const at::Tensor& weight, const OptionalTensor& bias) {
        context->save_for_backward({rows, weight, bias.has_value() ? *bias : at::Tensor()});
        return linear_of(rows, weight, bias);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &rows = saved[0], &weight = saved[1], &bias = saved[2];
        auto dy = gradients[0].contiguous();
        variable_list result(3);
        if (context->needs_input_grad(0)) result[0] = multiplied(dy, weight);
        if (context->needs_input_grad(1)) result[1] = multiplied(dy.t(), rows);
        if (bias.defined() && bias.requires_grad()) result[2] = dy.sum(0);
        return result;
    }
};

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const OptionalTensor& bias) {
    check_floats(x, "x");
    check_floats(weight, "weight");
    TORCH_CHECK(weight.dim() == 2 && x.dim() > 0 && x.size(-1) == weight.size(1), "the weight has to be [outputs, inputs of x]");
    auto rows = x.reshape({-1, x.size(-1)});
    bool graph = needs_graph({&x, &weight}) || (bias.has_value() && bias->defined() && needs_graph({&*bias}));
    auto shape = x.sizes().vec();
    shape.back() = weight.size(0);
    return (graph ? Linear::apply(rows, weight, bias) : linear_of(rows, weight, bias)).view(shape);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) { library.def("linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor", &linear); }

}  // namespace rer
