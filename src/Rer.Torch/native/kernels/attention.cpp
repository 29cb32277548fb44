// Causal attention over whole sequences, forward and backward. A task is one key head of one sequence with the query
// heads it serves: their rows are packed (and turned by their positions, where asked for), and the queries are taken a
// block at a time, so that scores and weights stay in the cache and are never held whole.

#include "kernels.h"

namespace rer {
namespace {

constexpr int64_t kQueries = 24;

// Tokens of which each sees those before it, from a place on in a row of the batch.
struct Sequence {
    int64_t row, begin, tokens;
    int64_t along;          // tokens in whole vectors
    int64_t first;          // the first that is not padding
    const float* hidden;    // [along]: minus infinity on padding; null where there is none
};

// One of query, key, value or a gradient of them: [batch, tokens, heads, size] at strides, rows dense.
template <class Float>
struct Heads {
    Float* data;
    int64_t batch, token, head;

    Float* at(const Sequence& sequence, int64_t h) const { return data + sequence.row * batch + sequence.begin * token + h * head; }
};

template <class Float>
Heads<Float> heads_of(const at::Tensor& tensor) {
    return {tensor.data_ptr<float>(), tensor.stride(0), tensor.stride(1), tensor.stride(2)};
}

// A part of [batch, tokens, width] from a column on.
template <class Float>
Heads<Float> heads_in(const at::Tensor& stacked, int64_t column, int64_t size) {
    return {stacked.data_ptr<float>() + column, stacked.stride(0), stacked.stride(1), size};
}

RER_FOR_EACH_PROCESSOR
void pack_rows(const float* source, int64_t stride, int64_t count, int64_t size, float factor, const float* cos, const float* sin,
               int64_t rotated, float* target, int64_t width) {
    if (cos == nullptr) rotated = 0;
    for (int64_t t = 0; t < count; t++, source += stride, target += width) {
        if (rotated > 0) turn_head(source, target, cos + t * rotated, sin + t * rotated, rotated / 2, 1, factor);
#pragma omp simd
        for (int64_t i = rotated; i < size; i++) target[i] = source[i] * factor;
        for (int64_t i = size; i < width; i++) target[i] = 0;
    }
}

RER_FOR_EACH_PROCESSOR
void unpack_rows(const float* rows, int64_t width, int64_t count, int64_t size, float factor, const float* cos, const float* sin, int64_t rotated,
                 float* target, int64_t stride) {
    if (cos == nullptr) rotated = 0;
    for (int64_t t = 0; t < count; t++, rows += width, target += stride) {
        if (rotated > 0) turn_head(rows, target, cos + t * rotated, sin + t * rotated, rotated / 2, -1, factor);
#pragma omp simd
        for (int64_t i = rotated; i < size; i++) target[i] = rows[i] * factor;
    }
}

// Rows of whole vectors as columns, [size, along], zeros behind; by squares of four by four.
RER_FOR_EACH_PROCESSOR
void transpose(const float* rows, int64_t stride, int64_t count, int64_t size, float* columns, int64_t along) {
    int64_t t = 0;
    for (; t + 4 <= count; t += 4) {
        auto from = rows + t * stride;
        int64_t i = 0;
        for (; i + 4 <= size; i += 4) {
            Vector4 row[4];
            for (int k = 0; k < 4; k++) row[k] = *reinterpret_cast<const Vector4*>(from + k * stride + i);
            turn(row);
            for (int k = 0; k < 4; k++) *reinterpret_cast<Vector4*>(columns + (i + k) * along + t) = row[k];
        }
        for (; i < size; i++)
            for (int k = 0; k < 4; k++) columns[i * along + t + k] = from[k * stride + i];
    }
    for (int64_t i = 0; i < size; i++) {
        for (int64_t rest = t; rest < count; rest++) columns[i * along + rest] = rows[rest * stride + i];
        for (int64_t rest = count; rest < along; rest++) columns[i * along + rest] = 0;
    }
}

// Rows of one head, each of whole vectors.
struct HeadRows {
    const float* data;
    int64_t stride;

    const float* from(int64_t row) const { return data + row * stride; }
};

// The shape of the problem, and which keys a query sees: those of its sequence up to itself, no further back than the
// window, and of padding none but itself. Every row is a sequence, or, where lengths are given, one row holds several.
struct Shape {
    int64_t batch, tokens, heads, key_heads, group, size, width, window, longest = 0;
    float scale;
    Angles angles;
    std::vector<Sequence> sequences;
    at::Tensor hidden;  // [batch, along]: what the sequences point to; undefined where nothing is hidden

    Shape(int64_t batch, int64_t tokens, int64_t heads, int64_t key_heads, int64_t size, const OptionalTensor& mask, at::IntArrayRef lengths,
          int64_t window)
        : batch(batch), tokens(tokens), heads(heads), key_heads(key_heads), group(heads / key_heads), size(size), width(padded(size)),
          window(window > 0 ? window : tokens), scale(1.0f / std::sqrt(static_cast<float>(size))) {
        bool masked = mask.has_value() && mask->defined();
        if (lengths.empty()) {
            for (int64_t row = 0; row < batch; row++) add(row, 0, tokens);
            if (masked) hide(*mask);
            return;
        }
        TORCH_CHECK(batch == 1 && !masked, "sequences of given lengths lie end to end in one row, without a mask");
        int64_t begin = 0;
        for (auto length : lengths) {
            TORCH_CHECK(length > 0, "a sequence has at least one token, not ", length);
            add(0, begin, length);
            begin += length;
        }
        TORCH_CHECK(begin == tokens, "the sequences' lengths add up to ", begin, ", not to the row's ", tokens);
    }

    // What is added to a query's scores; null where no key is hidden.
    static const float* hidden_from(const Sequence& sequence, int64_t query) { return hides(sequence, query) ? nullptr : sequence.hidden; }

    // The first key that a query sees.
    int64_t from(const Sequence& sequence, int64_t query) const {
        return hides(sequence, query) ? query : std::min(query, std::max(sequence.first, query - window + 1));
    }

    // The first key, on a whole vector, that any query from this one on sees. Padding at the left sees itself.
    int64_t lowest(const Sequence& sequence, int64_t query) const {
        return std::min(query, std::max(sequence.first, query - window + 1)) / kLanes * kLanes;
    }

    // A token's place among all of the batch.
    int64_t place(const Sequence& sequence, int64_t token) const { return sequence.row * tokens + sequence.begin + token; }

    int64_t tasks() const { return static_cast<int64_t>(sequences.size()) * key_heads; }

    int64_t grain_of_tasks() const { return grain(longest * longest * size * group / 8); }

    // Rows of a head as they lie where they fill whole vectors, else packed to them in the room given.
    HeadRows rows_of(const float* source, int64_t stride, const Sequence& sequence, std::vector<float>& room) const {
        if (size == width) return {source, stride};
        room.resize(longest * width);
        pack(source, stride, sequence, 1, false, room.data());
        return {room.data(), width};
    }

    // Rows of a head packed to whole vectors, with zeros behind, times a factor; turned by their angles where asked for.
    void pack(const float* source, int64_t stride, const Sequence& sequence, float factor, bool turned, float* target) const {
        pack_rows(source, stride, sequence.tokens, size, factor, turned ? angles.cos_of(sequence.row, sequence.begin) : nullptr,
                  angles.sin_of(sequence.row, sequence.begin), angles.rotated, target, width);
    }

    // Some packed rows back to their place, turned back where they were turned.
    void unpack(const float* rows, int64_t start, int64_t count, const Sequence& sequence, float factor, bool turned, float* target, int64_t stride) const {
        auto token = sequence.begin + start;
        unpack_rows(rows, width, count, size, factor, turned ? angles.cos_of(sequence.row, token) : nullptr, angles.sin_of(sequence.row, token),
                    angles.rotated, target + start * stride, stride);
    }

  private:
    static bool hides(const Sequence& sequence, int64_t token) { return sequence.hidden != nullptr && sequence.hidden[token] != 0; }

    void add(int64_t row, int64_t begin, int64_t count) {
        sequences.push_back({row, begin, count, padded(count), 0, nullptr});
        longest = std::max(longest, count);
    }

    void hide(const at::Tensor& mask) {
        TORCH_CHECK(mask.dim() == 2 && mask.size(0) == batch && mask.size(1) == tokens, "the mask has to be [batch, tokens]");
        auto seen = mask.to(at::kBool).contiguous();
        auto flags = seen.data_ptr<bool>();
        if (std::all_of(flags, flags + seen.numel(), [](bool flag) { return flag; })) return;
        auto along = padded(tokens);
        hidden = at::zeros({batch, along}, at::kFloat);
        for (auto& sequence : sequences) {
            auto data = hidden.data_ptr<float>() + sequence.row * along;
            auto visible = flags + sequence.row * tokens;
            for (int64_t t = 0; t < tokens; t++)
                if (!visible[t]) data[t] = -INFINITY;
            sequence.hidden = data;
            auto first = std::find(visible, visible + tokens, true) - visible;
            sequence.first = first == tokens ? 0 : first;
        }
    }
};

// Scores [from, to) of one query become weights; the rest of [lowest, reach) becomes 0. Returns the logarithm of their
// total.
RER_FOR_EACH_PROCESSOR
float soften(float* scores, const float* hidden, int64_t lowest, int64_t from, int64_t to, int64_t reach) {
    float largest = -INFINITY, total = 0;
    if (hidden != nullptr) {
#pragma omp simd
        for (int64_t i = from; i < to; i++) scores[i] += hidden[i];
    }
#pragma omp simd reduction(max : largest)
    for (int64_t i = from; i < to; i++) largest = std::max(largest, scores[i]);
#pragma omp simd reduction(+ : total)
    for (int64_t i = from; i < to; i++) {
        float below = scores[i] - largest;
        scores[i] = below < -87.0f ? 0.0f : exponential(below);
        total += scores[i];
    }
    float inverse = 1.0f / total;
#pragma omp simd
    for (int64_t i = from; i < to; i++) scores[i] *= inverse;
    std::fill(scores + lowest, scores + from, 0.0f);
    std::fill(scores + to, scores + reach, 0.0f);
    return largest + std::log(total);
}

// The weights again from the scores and the logarithm of their total, and the gradient of the scores from that of the
// weights: weight * (gradient - sum(weight * gradient)).
RER_FOR_EACH_PROCESSOR
void soften_backward(float* scores, float* gradient, const float* hidden, float log_total, int64_t lowest, int64_t from, int64_t to,
                     int64_t reach) {
    float sum = 0;
    if (hidden != nullptr) {
#pragma omp simd
        for (int64_t i = from; i < to; i++) scores[i] += hidden[i];
    }
#pragma omp simd reduction(+ : sum)
    for (int64_t i = from; i < to; i++) {
        float below = scores[i] - log_total;
        scores[i] = below < -87.0f ? 0.0f : exponential(below);
        sum += scores[i] * gradient[i];
    }
#pragma omp simd
    for (int64_t i = from; i < to; i++) gradient[i] = scores[i] * (gradient[i] - sum);
    for (auto row : {scores, gradient}) {
        std::fill(row + lowest, row + from, 0.0f);
        std::fill(row + to, row + reach, 0.0f);
    }
}

using Inputs = Heads<const float>;
using Outputs = Heads<float>;

// log_totals, where wanted, is [batch, tokens, heads].
at::Tensor attend(const Shape& shape, const Inputs& query, const Inputs& key, const Inputs& value, float* log_totals) {
    auto result = at::empty({shape.batch, shape.tokens, shape.heads * shape.size}, at::kFloat);
    auto out = result.data_ptr<float>();
    at::parallel_for(0, shape.tasks(), shape.grain_of_tasks(), [&](int64_t begin, int64_t end) {
        auto [size, width, longest, most] = std::make_tuple(shape.size, shape.width, shape.longest, padded(shape.longest));
        std::vector<float> queries(longest * width), rows(longest * width), keys(size * most), room, scores(kQueries * most),
            mixed(kQueries * width);
        for (int64_t task = begin; task < end; task++) {
            auto& sequence = shape.sequences[task / shape.key_heads];
            auto key_head = task % shape.key_heads, tokens = sequence.tokens, along = sequence.along;
            shape.pack(key.at(sequence, key_head), key.token, sequence, 1, true, rows.data());
            transpose(rows.data(), width, tokens, size, keys.data(), along);
            auto values = shape.rows_of(value.at(sequence, key_head), value.token, sequence, room);
            for (int64_t head = key_head * shape.group; head < (key_head + 1) * shape.group; head++) {
                shape.pack(query.at(sequence, head), query.token, sequence, shape.scale, true, queries.data());
                for (int64_t start = 0; start < tokens; start += kQueries) {
                    auto count = std::min(kQueries, tokens - start), reach = padded(start + count), lowest = shape.lowest(sequence, start);
                    product(queries.data() + start * width, width, 1, keys.data() + lowest, along, scores.data() + lowest, along, count,
                            reach - lowest, size, false);
                    for (int64_t t = start; t < start + count; t++) {
                        auto total = soften(scores.data() + (t - start) * along, shape.hidden_from(sequence, t), lowest, shape.from(sequence, t),
                                            t + 1, reach);
                        if (log_totals != nullptr) log_totals[shape.place(sequence, t) * shape.heads + head] = total;
                    }
                    product(scores.data() + lowest, along, 1, values.from(lowest), values.stride, mixed.data(), width, count, width,
                            std::min(tokens, reach) - lowest, false);
                    shape.unpack(mixed.data(), start, count, sequence, 1, false, out + (shape.place(sequence, 0) * shape.heads + head) * size,
                                 shape.heads * size);
                }
            }
        }
    });
    return result;
}

void attend_backward(const Shape& shape, const Inputs& query, const Inputs& key, const Inputs& value, const Inputs& gradient,
                     const float* log_totals, const Outputs& d_query, const Outputs& d_key, const Outputs& d_value) {
    at::parallel_for(0, shape.tasks(), shape.grain_of_tasks(), [&](int64_t begin, int64_t end) {
        auto [size, width, longest, most] = std::make_tuple(shape.size, shape.width, shape.longest, padded(shape.longest));
        std::vector<float> queries(longest * width), key_rows(longest * width), keys(size * most), values(size * most), room,
            weights(kQueries * most), d_weights(kQueries * most), mixed(kQueries * width), key_sums(longest * width), value_sums(longest * width);
        for (int64_t task = begin; task < end; task++) {
            auto& sequence = shape.sequences[task / shape.key_heads];
            auto key_head = task % shape.key_heads, tokens = sequence.tokens, along = sequence.along;
            shape.pack(key.at(sequence, key_head), key.token, sequence, 1, true, key_rows.data());
            transpose(key_rows.data(), width, tokens, size, keys.data(), along);
            transpose(value.at(sequence, key_head), value.token, tokens, size, values.data(), along);
            std::fill_n(key_sums.begin(), tokens * width, 0.0f);
            std::fill_n(value_sums.begin(), tokens * width, 0.0f);
            for (int64_t head = key_head * shape.group; head < (key_head + 1) * shape.group; head++) {
                shape.pack(query.at(sequence, head), query.token, sequence, shape.scale, true, queries.data());
                auto out = shape.rows_of(gradient.at(sequence, head), gradient.token, sequence, room);
                for (int64_t start = 0; start < tokens; start += kQueries) {
                    auto count = std::min(kQueries, tokens - start), reach = padded(start + count), lowest = shape.lowest(sequence, start);
                    auto depth = std::min(tokens, reach) - lowest;
                    auto q = queries.data() + start * width, w = weights.data() + lowest, dw = d_weights.data() + lowest;
                    auto o = out.from(start);
                    product(q, width, 1, keys.data() + lowest, along, w, along, count, reach - lowest, size, false);
                    product(o, out.stride, 1, values.data() + lowest, along, dw, along, count, reach - lowest, size, false);
                    for (int64_t t = start; t < start + count; t++)
                        soften_backward(weights.data() + (t - start) * along, d_weights.data() + (t - start) * along,
                                        shape.hidden_from(sequence, t), log_totals[shape.place(sequence, t) * shape.heads + head], lowest,
                                        shape.from(sequence, t), t + 1, reach);
                    product(w, 1, along, o, out.stride, value_sums.data() + lowest * width, width, depth, width, count, true);
                    product(dw, 1, along, q, width, key_sums.data() + lowest * width, width, depth, width, count, true);
                    product(dw, along, 1, key_rows.data() + lowest * width, width, mixed.data(), width, count, width, depth, false);
                    shape.unpack(mixed.data(), start, count, sequence, shape.scale, true, d_query.at(sequence, head), d_query.token);
                }
            }
            shape.unpack(key_sums.data(), 0, tokens, sequence, 1, true, d_key.at(sequence, key_head), d_key.token);
            shape.unpack(value_sums.data(), 0, tokens, sequence, 1, false, d_value.at(sequence, key_head), d_value.token);
        }
    });
}

// The gradient of the result, [batch, tokens, heads * size], as heads.
Inputs gradient_of(const Shape& shape, const at::Tensor& contiguous) { return heads_in<const float>(contiguous, 0, shape.size); }

OptionalTensor saved_mask(const at::Tensor& tensor) { return tensor.defined() ? OptionalTensor(tensor) : OptionalTensor(); }

// ---- query, key and value as tensors of their own

Shape shape_of(const at::Tensor& query, const at::Tensor& key, const OptionalTensor& mask, int64_t window) {
    return Shape(query.size(0), query.size(1), query.size(2), key.size(2), query.size(3), mask, {}, window);
}

struct CausalAttention : torch::autograd::Function<CausalAttention> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                              const OptionalTensor& mask, int64_t window) {
        auto shape = shape_of(query, key, mask, window);
        auto log_totals = at::empty({shape.batch, shape.tokens, shape.heads}, at::kFloat);
        context->save_for_backward({query, key, value, mask.has_value() ? *mask : at::Tensor(), log_totals});
        context->saved_data["window"] = window;
        return attend(shape, heads_of<const float>(query), heads_of<const float>(key), heads_of<const float>(value), log_totals.data_ptr<float>());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &query = saved[0], &key = saved[1], &value = saved[2];
        auto shape = shape_of(query, key, saved_mask(saved[3]), context->saved_data["window"].toInt());
        auto given = gradients[0].contiguous();
        auto d_query = at::empty(query.sizes(), at::kFloat), d_key = at::empty(key.sizes(), at::kFloat), d_value = at::empty(key.sizes(), at::kFloat);
        attend_backward(shape, heads_of<const float>(query), heads_of<const float>(key), heads_of<const float>(value),
                        gradient_of(shape, given), saved[4].data_ptr<float>(), heads_of<float>(d_query), heads_of<float>(d_key),
                        heads_of<float>(d_value));
        return {d_query, d_key, d_value, at::Tensor(), at::Tensor()};
    }
};

at::Tensor causal_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const OptionalTensor& mask, int64_t window) {
    for (auto [tensor, name] : {std::make_pair(&query, "query"), std::make_pair(&key, "key"), std::make_pair(&value, "value")}) {
        check_floats(*tensor, name);
        TORCH_CHECK(tensor->dim() == 4, name, " has to be [batch, tokens, heads, head size]");
    }
    TORCH_CHECK(key.sizes() == value.sizes() && key.size(0) == query.size(0) && key.size(1) == query.size(1) && key.size(3) == query.size(3),
                "query, key and value do not fit together");
    TORCH_CHECK(key.size(2) > 0 && query.size(2) % key.size(2) == 0, "each key head has to serve as many query heads as the others");
    auto q = with_dense_rows(query), k = with_dense_rows(key), v = with_dense_rows(value);
    if (needs_graph({&query, &key, &value})) return CausalAttention::apply(q, k, v, mask, window);
    return attend(shape_of(q, k, mask, window), heads_of<const float>(q), heads_of<const float>(k), heads_of<const float>(v), nullptr);
}

// ---- query, key and value side by side, as one projection gives them, not yet turned by their positions

struct Stacked {
    int64_t size, query, key, value;  // a head's size, and the column where each part begins
    Shape shape;

    Stacked(const at::Tensor& stacked, const at::Tensor& cos, const at::Tensor& sin, const OptionalTensor& mask, at::IntArrayRef lengths,
            int64_t heads, int64_t key_heads, int64_t window)
        : size(stacked.size(2) / (heads + 2 * key_heads)), query(0), key(heads * size), value((heads + key_heads) * size),
          shape(stacked.size(0), stacked.size(1), heads, key_heads, size, mask, lengths, window) {
        shape.angles = Angles(cos, sin, shape.batch, shape.tokens, size);
    }
};

struct RotaryAttention : torch::autograd::Function<RotaryAttention> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& stacked, const at::Tensor& cos, const at::Tensor& sin,
                              const OptionalTensor& mask, const std::vector<int64_t>& lengths, int64_t heads, int64_t key_heads, int64_t window) {
        Stacked parts(stacked, cos, sin, mask, lengths, heads, key_heads, window);
        auto log_totals = at::empty({parts.shape.batch, parts.shape.tokens, heads}, at::kFloat);
        context->save_for_backward({stacked, cos, sin, mask.has_value() ? *mask : at::Tensor(), log_totals});
        context->saved_data["lengths"] = lengths;
        context->saved_data["heads"] = heads;
        context->saved_data["key_heads"] = key_heads;
        context->saved_data["window"] = window;
        return attend(parts.shape, heads_in<const float>(stacked, parts.query, parts.size), heads_in<const float>(stacked, parts.key, parts.size),
                      heads_in<const float>(stacked, parts.value, parts.size), log_totals.data_ptr<float>());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto& stacked = saved[0];
        auto lengths = context->saved_data["lengths"].toIntVector();
        Stacked parts(stacked, saved[1], saved[2], saved_mask(saved[3]), lengths, context->saved_data["heads"].toInt(),
                      context->saved_data["key_heads"].toInt(), context->saved_data["window"].toInt());
        auto given = gradients[0].contiguous();
        auto result = at::empty(stacked.sizes(), at::kFloat);
        attend_backward(parts.shape, heads_in<const float>(stacked, parts.query, parts.size),
                        heads_in<const float>(stacked, parts.key, parts.size), heads_in<const float>(stacked, parts.value, parts.size),
                        gradient_of(parts.shape, given), saved[4].data_ptr<float>(), heads_in<float>(result, parts.query, parts.size),
                        heads_in<float>(result, parts.key, parts.size), heads_in<float>(result, parts.value, parts.size));
        variable_list all(8);
        all[0] = result;
        return all;
    }
};

at::Tensor rotary_attention(const at::Tensor& stacked, const at::Tensor& cos, const at::Tensor& sin, const OptionalTensor& mask,
                            at::IntArrayRef lengths, int64_t heads, int64_t key_heads, int64_t window) {
    check_floats(stacked, "the stacked projection");
    TORCH_CHECK(key_heads > 0 && heads % key_heads == 0, "each key head has to serve as many query heads as the others");
    TORCH_CHECK(stacked.dim() == 3 && stacked.size(2) % (heads + 2 * key_heads) == 0,
                "the stacked projection has to be [batch, tokens, (heads + 2 * key heads) * head size]");
    auto rows = with_dense_rows(stacked);
    if (needs_graph({&stacked})) return RotaryAttention::apply(rows, cos, sin, mask, lengths.vec(), heads, key_heads, window);
    Stacked parts(rows, cos, sin, mask, lengths, heads, key_heads, window);
    return attend(parts.shape, heads_in<const float>(rows, parts.query, parts.size), heads_in<const float>(rows, parts.key, parts.size),
                  heads_in<const float>(rows, parts.value, parts.size), nullptr);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def("causal_attention(Tensor query, Tensor key, Tensor value, Tensor? mask, int window) -> Tensor", &causal_attention);
    library.def(
        "rotary_attention(Tensor stacked, Tensor cos, Tensor sin, Tensor? mask, int[] lengths, int heads, int key_heads, int window) -> Tensor",
        &rotary_attention);
}

}  // namespace rer
