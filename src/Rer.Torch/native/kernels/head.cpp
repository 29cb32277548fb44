// Log-probability and entropy under a language model's head, for vocabularies whose logits are too many to hold: a block
// of rows at a time. Any device's operators will do; float32 on the CPU has kernels.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros_like.h>

#include "kernels.h"

namespace rer {
namespace {

// A block's log-probabilities and entropies, and, where asked for, the gradient of each log-probability by its logits: with p the
// row's distribution that is [label] - p.
struct Block {
    at::Tensor log_probs, entropies, slopes;

    Block(const at::Tensor& hidden, const at::Tensor& head, const at::Tensor& labels, bool with_slopes) {
        bool kernels = hidden.is_cpu() && hidden.scalar_type() == at::kFloat && head.scalar_type() == at::kFloat;
        auto logits = kernels ? multiplied(hidden, head.t()) : hidden.mm(head.t());
        if (kernels) {
            std::tie(log_probs, entropies) = log_prob_entropy_of(logits, labels, with_slopes);
        } else {
            if (logits.scalar_type() != at::kDouble) logits = logits.to(at::kFloat);  // never narrower
            auto places = labels.unsqueeze(1);
            logits.sub_(logits.logsumexp({1}, true));
            log_probs = logits.gather(1, places).squeeze(1);
            auto masses = logits.exp();
            entropies = logits.mul_(masses).sum(1).neg_();
            if (with_slopes) logits = masses.neg_().scatter_add_(1, places, at::ones_like(places, masses.options()));
        }
        if (with_slopes) slopes = logits.to(hidden.scalar_type());
    }
};

// A row's hidden state reaches its log-probability alone, so its gradient is known, but for a factor, with the log-probability
// itself: a row as wide as the hidden state, where the logits would have to be held or computed again.
struct HeadLogProbEntropy : torch::autograd::Function<HeadLogProbEntropy> {
    static variable_list forward(AutogradContext* context, const at::Tensor& hidden, const at::Tensor& head, const at::Tensor& labels,
                                 int64_t block) {
        bool known = hidden.requires_grad();
        std::vector<at::Tensor> log_probs, entropies;
        auto slopes = known ? at::empty_like(hidden) : at::Tensor();
        for_blocks(hidden.size(0), block, [&](int64_t begin, int64_t count) {
            Block part(hidden.narrow(0, begin, count), head, labels.narrow(0, begin, count), known);
            log_probs.push_back(part.log_probs);
            entropies.push_back(part.entropies);
            if (known) multiply_into(slopes.narrow(0, begin, count), part.slopes, head, 0, 1);
        });
        auto entropy = at::cat(entropies);
        bool again = head.requires_grad();
        context->save_for_backward({slopes, again ? hidden : at::Tensor(), again ? head : at::Tensor(), labels});
        context->saved_data["block"] = block;
        context->mark_non_differentiable({entropy});
        return {at::cat(log_probs), entropy};
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &slopes = saved[0], &hidden = saved[1], &head = saved[2], &labels = saved[3];
        auto given = gradients[0].unsqueeze(1);
        variable_list result(4);
        if (context->needs_input_grad(0)) result[0] = (slopes * given).to(slopes.scalar_type());
        if (context->needs_input_grad(1)) {
            result[1] = at::zeros_like(head);
            for_blocks(hidden.size(0), context->saved_data["block"].toInt(), [&](int64_t begin, int64_t count) {
                auto rows = hidden.narrow(0, begin, count);
                Block part(rows, head, labels.narrow(0, begin, count), true);
                multiply_into(result[1], (part.slopes * given.narrow(0, begin, count)).to(hidden.scalar_type()).t(), rows, 1, 1);
            });
        }
        return result;
    }

    // Blocks of like size, none larger than the one given.
    template <class Action>
    static void for_blocks(int64_t rows, int64_t largest, const Action& action) {
        auto blocks = (rows + largest - 1) / largest;
        for (int64_t i = 0; i < blocks; i++) {
            auto begin = rows * i / blocks;
            action(begin, rows * (i + 1) / blocks - begin);
        }
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
