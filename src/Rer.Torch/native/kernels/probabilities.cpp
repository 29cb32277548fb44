// Kernels over logits: log-probability with entropy, and sampling.

#include "kernels.h"

#include <numeric>

namespace rer {
namespace {

// ---- log-probability and entropy

// Of one row; where masses are kept, the logits become e^(logit - largest). Returns the masses' total.
template <bool kKeep>
RER_INLINE float row_log_prob_entropy(float* logits, int64_t vocabulary, int64_t label, float* log_prob, float* entropy, float* log_total) {
    float largest = logits[0], of_label = logits[label];
#pragma omp simd reduction(max : largest)
    for (int64_t i = 0; i < vocabulary; i++) largest = std::max(largest, logits[i]);
    float total = 0, weighted = 0;
#pragma omp simd reduction(+ : total, weighted)
    for (int64_t i = 0; i < vocabulary; i++) {
        float below = logits[i] - largest;
        float mass = exponential(below);
        total += mass;
        // A token that was ruled out has no mass, and minus infinity times nothing is not a number.
        weighted += below < -87.0f ? 0.0f : mass * below;
        if constexpr (kKeep) logits[i] = below < -87.0f ? 0.0f : mass;
    }
    float log_sum = std::log(total);
    *log_prob = of_label - largest - log_sum;
    *entropy = log_sum - weighted / total;
    *log_total = largest + log_sum;
    return total;
}

RER_FOR_EACH_PROCESSOR
void log_prob_entropy_row(float* logits, int64_t vocabulary, int64_t label, float* log_prob, float* entropy, float* log_total) {
    row_log_prob_entropy<false>(logits, vocabulary, label, log_prob, entropy, log_total);
}

// The logits become the gradient of the log-probability by them.
RER_FOR_EACH_PROCESSOR
void log_prob_entropy_into_gradient_row(float* logits, int64_t vocabulary, int64_t label, float* log_prob, float* entropy, float* log_total) {
    float inverse = -1.0f / row_log_prob_entropy<true>(logits, vocabulary, label, log_prob, entropy, log_total);
#pragma omp simd
    for (int64_t i = 0; i < vocabulary; i++) logits[i] *= inverse;
    logits[label] += 1.0f;
}

// With p the row's distribution: d/dlogit of the log-probability is [label] - p, of the entropy -p (log p + entropy).
RER_FOR_EACH_PROCESSOR
void log_prob_entropy_backward_row(const float* logits, int64_t vocabulary, int64_t label, float log_total, float entropy,
                                   float d_log_prob, float d_entropy, float* gradient) {
#pragma omp simd
    for (int64_t i = 0; i < vocabulary; i++) {
        float log_mass = logits[i] - log_total;
        float bounded = log_mass < -87.0f ? -87.0f : log_mass;
        float mass = log_mass < -87.0f ? 0.0f : exponential(bounded);
        gradient[i] = -mass * (d_log_prob + d_entropy * (bounded + entropy));
    }
    gradient[label] += d_log_prob;
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> log_prob_entropy_forward(const at::Tensor& logits, const at::Tensor& labels, bool into_gradient) {
    auto rows = logits.size(0), vocabulary = logits.size(1);
    auto log_probs = at::empty({rows}, logits.options()), entropy = at::empty({rows}, logits.options()), totals = at::empty({rows}, logits.options());
    auto in = logits.data_ptr<float>(), first = log_probs.data_ptr<float>(), second = entropy.data_ptr<float>(), third = totals.data_ptr<float>();
    auto label = labels.data_ptr<int64_t>();
    for (int64_t row = 0; row < rows; row++)
        TORCH_CHECK(label[row] >= 0 && label[row] < vocabulary, "label ", label[row], " of row ", row, " is outside the vocabulary of ", vocabulary);
    at::parallel_for(0, rows, grain(vocabulary), [=](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++)
            (into_gradient ? log_prob_entropy_into_gradient_row : log_prob_entropy_row)(in + row * vocabulary, vocabulary, label[row], first + row,
                                                                                        second + row, third + row);
    });
    return {log_probs, entropy, totals};
}

}  // namespace

std::tuple<at::Tensor, at::Tensor> log_prob_entropy_of(const at::Tensor& logits, const at::Tensor& labels, bool into_gradient) {
    auto [log_probs, entropy, log_totals] = log_prob_entropy_forward(logits, labels.contiguous(), into_gradient);
    return {log_probs, entropy};
}

namespace {

struct LogProbEntropy : torch::autograd::Function<LogProbEntropy> {
    static variable_list forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& labels) {
        auto [log_probs, entropy, log_totals] = log_prob_entropy_forward(logits, labels, false);
        context->save_for_backward({logits, labels, log_totals, entropy});
        context->set_materialize_grads(false);
        return {log_probs, entropy};
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto rows = saved[0].size(0), vocabulary = saved[0].size(1);
        auto d_log_prob = gradients[0].defined() ? gradients[0].contiguous() : at::zeros({rows}, saved[0].options());
        auto d_entropy = gradients[1].defined() ? gradients[1].contiguous() : at::zeros({rows}, saved[0].options());
        auto result = at::empty_like(saved[0]);
        auto in = saved[0].data_ptr<float>(), log_total = saved[2].data_ptr<float>(), entropy = saved[3].data_ptr<float>(),
             first = d_log_prob.data_ptr<float>(), second = d_entropy.data_ptr<float>(), out = result.data_ptr<float>();
        auto label = saved[1].data_ptr<int64_t>();
        at::parallel_for(0, rows, grain(vocabulary), [=](int64_t begin, int64_t end) {
            for (int64_t row = begin; row < end; row++)
                log_prob_entropy_backward_row(in + row * vocabulary, vocabulary, label[row], log_total[row], entropy[row], first[row],
                                              second[row], out + row * vocabulary);
        });
        return {result, at::Tensor()};
    }
};

std::tuple<at::Tensor, at::Tensor> log_prob_entropy(const at::Tensor& logits, const at::Tensor& labels) {
    check_floats(logits, "logits");
    TORCH_CHECK(logits.dim() == 2 && labels.dim() == 1 && labels.size(0) == logits.size(0), "logits have to be [rows, vocabulary], labels [rows]");
    TORCH_CHECK(labels.is_cpu() && labels.scalar_type() == at::kLong, "labels have to be int64 on the CPU");
    auto rows = logits.contiguous();
    auto indices = labels.contiguous();
    if (needs_graph({&logits})) {
        auto results = LogProbEntropy::apply(rows, indices);
        return {results[0], results[1]};
    }
    return log_prob_entropy_of(rows, indices, false);
}

// ---- sampling

RER_FOR_EACH_PROCESSOR
float masses_of(const float* logits, float* masses, int64_t count, float inverse_temperature) {
    float largest = logits[0], total = 0;
#pragma omp simd reduction(max : largest)
    for (int64_t i = 0; i < count; i++) largest = std::max(largest, logits[i]);
#pragma omp simd reduction(+ : total)
    for (int64_t i = 0; i < count; i++) {
        float below = (logits[i] - largest) * inverse_temperature;
        masses[i] = below < -87.0f ? 0.0f : exponential(below);
        total += masses[i];
    }
    return total;
}

// Puts the mass of all but the likeliest tokens to 0, as the two cuts say, and returns what is left.
float cut_tail(float* masses, int64_t count, int64_t top_k, double top_p) {
    std::vector<int64_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    auto kept = top_k > 0 ? std::min(top_k, count) : count;
    auto likelier = [=](int64_t a, int64_t b) { return masses[a] != masses[b] ? masses[a] > masses[b] : a < b; };
    std::partial_sort(order.begin(), order.begin() + kept, order.end(), likelier);
    double total = 0, reached = 0;
    for (int64_t i = 0; i < kept; i++) total += masses[order[i]];
    int64_t last = 0;
    while (last < kept && (last == 0 || reached < top_p * total)) reached += masses[order[last++]];
    for (int64_t i = last; i < count; i++) masses[order[i]] = 0;
    return static_cast<float>(reached);
}

int64_t pick(const float* masses, int64_t count, double point) {
    double reached = 0;
    int64_t last = 0;
    for (int64_t i = 0; i < count; i++) {
        if (masses[i] == 0) continue;
        reached += masses[i];
        if (reached > point) return i;
        last = i;
    }
    return last;  // the total was rounded up past the sum
}

at::Tensor sample(const at::Tensor& logits, const at::Tensor& uniforms, double temperature, int64_t top_k, double top_p) {
    check_floats(logits, "logits");
    check_floats(uniforms, "uniforms");
    TORCH_CHECK(logits.dim() == 2 && uniforms.numel() == logits.size(0), "logits have to be [rows, vocabulary], with one uniform number a row");
    TORCH_CHECK(temperature > 0, "the temperature has to be above 0, not ", temperature);
    auto in = logits.contiguous(), points = uniforms.contiguous();
    auto rows = in.size(0), vocabulary = in.size(1);
    auto tokens = at::empty({rows}, in.options().dtype(at::kLong));
    auto data = in.data_ptr<float>(), uniform = points.data_ptr<float>();
    auto out = tokens.data_ptr<int64_t>();
    at::parallel_for(0, rows, grain(vocabulary), [=](int64_t begin, int64_t end) {
        std::vector<float> masses(vocabulary);
        for (int64_t row = begin; row < end; row++) {
            auto total = masses_of(data + row * vocabulary, masses.data(), vocabulary, static_cast<float>(1 / temperature));
            if (top_k > 0 || top_p < 1) total = cut_tail(masses.data(), vocabulary, top_k, top_p);
            out[row] = pick(masses.data(), vocabulary, static_cast<double>(uniform[row]) * total);
        }
    });
    return tokens;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("log_prob_entropy(Tensor logits, Tensor labels) -> (Tensor, Tensor)", &log_prob_entropy);
    library.def("sample(Tensor logits, Tensor uniforms, float temperature, int top_k, float top_p) -> Tensor", &sample);
}

}  // namespace rer
