// Log-probability and entropy under a language model's head, for vocabularies whose logits are too many to hold: a block
// of rows at a time, and again in the backward pass. Made of ATen operators, so that it runs on any device.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros_like.h>

#include "kernels.h"

namespace rer {
namespace {

struct HeadLogProbEntropy : torch::autograd::Function<HeadLogProbEntropy> {
    static variable_list forward(AutogradContext* context, const at::Tensor& hidden, const at::Tensor& head, const at::Tensor& labels,
                                 int64_t block) {
        std::vector<at::Tensor> log_probs, entropies, log_totals;
        for (int64_t begin = 0; begin < hidden.size(0); begin += block) {
            auto count = std::min(block, hidden.size(0) - begin);
            auto logits = logits_of(hidden, head, begin, count);
            auto log_total = logits.logsumexp({1});
            logits.sub_(log_total.unsqueeze(1));
            log_probs.push_back(logits.gather(1, labels.narrow(0, begin, count).unsqueeze(1)).squeeze(1));
            entropies.push_back(logits.exp().mul_(logits).sum(1).neg_());
            log_totals.push_back(log_total);
        }
        auto entropy = at::cat(entropies);
        context->save_for_backward({hidden, head, labels, at::cat(log_totals)});
        context->saved_data["block"] = block;
        context->mark_non_differentiable({entropy});
        return {at::cat(log_probs), entropy};
    }

    // With p a row's distribution, the gradient of its logits is ([label] - p) times that of its log-probability.
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &hidden = saved[0], &head = saved[1], &labels = saved[2], &log_totals = saved[3];
        auto block = context->saved_data["block"].toInt();
        auto d_hidden = context->needs_input_grad(0) ? at::empty_like(hidden) : at::Tensor();
        auto d_head = context->needs_input_grad(1) ? at::zeros_like(head) : at::Tensor();
        for (int64_t begin = 0; begin < hidden.size(0); begin += block) {
            auto count = std::min(block, hidden.size(0) - begin);
            auto given = gradients[0].narrow(0, begin, count).unsqueeze(1);
            auto d_logits = logits_of(hidden, head, begin, count).sub_(log_totals.narrow(0, begin, count).unsqueeze(1)).exp_().mul_(-given);
            d_logits.scatter_add_(1, labels.narrow(0, begin, count).unsqueeze(1), given);
            auto narrow = d_logits.to(hidden.scalar_type());
            if (d_hidden.defined()) d_hidden.narrow(0, begin, count).copy_(narrow.mm(head));
            if (d_head.defined()) d_head.addmm_(narrow.t(), hidden.narrow(0, begin, count));
        }
        return {d_hidden, d_head, at::Tensor(), at::Tensor()};
    }

    // Never narrower than float32.
    static at::Tensor logits_of(const at::Tensor& hidden, const at::Tensor& head, int64_t begin, int64_t count) {
        auto logits = hidden.narrow(0, begin, count).mm(head.t());
        return logits.scalar_type() == at::kDouble ? logits : logits.to(at::kFloat);
    }
};

std::tuple<at::Tensor, at::Tensor> head_log_prob_entropy(const at::Tensor& hidden, const at::Tensor& head, const at::Tensor& labels,
                                                         int64_t block) {
    TORCH_CHECK(hidden.dim() == 2 && head.dim() == 2 && hidden.size(1) == head.size(1), "hidden and head have to be of one width");
    TORCH_CHECK(labels.dim() == 1 && labels.size(0) == hidden.size(0) && hidden.size(0) > 0, "every row has to have one label");
    TORCH_CHECK(block >= 1, "the rows held at a time have to be at least 1, not ", block);
    auto both = HeadLogProbEntropy::apply(hidden, head, labels, block);
    return {both[0], both[1]};
}

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("head_log_prob_entropy(Tensor hidden, Tensor head, Tensor labels, int block) -> (Tensor, Tensor)", &head_log_prob_entropy);
}

}  // namespace
}  // namespace rer
