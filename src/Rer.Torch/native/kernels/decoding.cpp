// One token a row against a key-value cache: its attention, and a whole block of Llama around it.

#include "kernels.h"

namespace rer {
namespace {

RER_FOR_EACH_PROCESSOR
void copy_turned(const float* source, float* target, int64_t size, const float* cos, const float* sin, int64_t half) {
    std::copy_n(source, size, target);
    if (cos != nullptr) turn_head(target, target, cos, sin, half, 1);
}

// One query's attention over places [from, to) of one head's cache, rows of size floats.
RER_FOR_EACH_PROCESSOR
void attend_cached(const float* query, const float* keys, const float* values, float* scores, float* out, int64_t from, int64_t to,
                   int64_t size, float scale) {
    for (int64_t place = from; place < to; place++) {
        const float* key = keys + place * size;
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < size; i++) sum += query[i] * key[i];
        scores[place] = sum * scale;
    }
    float largest = -INFINITY, total = 0;
#pragma omp simd reduction(max : largest)
    for (int64_t i = from; i < to; i++) largest = std::max(largest, scores[i]);
#pragma omp simd reduction(+ : total)
    for (int64_t i = from; i < to; i++) {
        scores[i] = exponential(scores[i] - largest);
        total += scores[i];
    }
    std::fill(out, out + size, 0.0f);
    for (int64_t place = from; place < to; place++) {
        const float* value = values + place * size;
        float weight = scores[place];
#pragma omp simd
        for (int64_t i = 0; i < size; i++) out[i] += weight * value[i];
    }
    float inverse = 1.0f / total;
    for (int64_t i = 0; i < size; i++) out[i] *= inverse;
}

// Where each row's query, key and value lie.
struct Token {
    const float *query, *key, *value;
    int64_t query_row, query_head, key_row, key_head, value_row, value_head;
};

struct Cache {
    at::Tensor keys, values;
    int64_t rows, key_heads, places, size;

    Cache(const at::Tensor& keys, const at::Tensor& values, int64_t rows, const at::Tensor& starts, int64_t filled)
        : keys(keys), values(values), rows(rows), key_heads(keys.size(1)), places(keys.size(2)), size(keys.size(3)) {
        check_floats(keys, "keys");
        check_floats(values, "values");
        TORCH_CHECK(keys.dim() == 4 && keys.sizes() == values.sizes() && keys.is_contiguous() && values.is_contiguous() && keys.size(0) >= rows,
                    "the cache has to be contiguous [at least ", rows, " rows, key heads, places, head size]");
        TORCH_CHECK(filled >= 0 && filled < places, "the cache has ", places, " places; ", filled, " are filled");
        TORCH_CHECK(starts.scalar_type() == at::kLong && starts.is_contiguous() && starts.numel() == rows, "starts have to be int64 [rows]");
    }
};

// AnglesOf tells a row's cosines and sines, rotated of each; null where there is nothing to turn.
template <class AnglesOf>
at::Tensor decode(const Cache& cache, const Token& token, int64_t heads, const AnglesOf& angles_of, int64_t rotated, const at::Tensor& starts,
                  int64_t filled, int64_t window) {
    auto [key_heads, places, size] = std::make_tuple(cache.key_heads, cache.places, cache.size);
    auto group = heads / key_heads, to = filled + 1;
    auto result = at::empty({cache.rows, 1, heads * size}, at::kFloat);
    auto out = result.data_ptr<float>(), keys = cache.keys.data_ptr<float>(), values = cache.values.data_ptr<float>();
    auto first = starts.data_ptr<int64_t>();
    auto scale = 1.0f / std::sqrt(static_cast<float>(size));
    at::parallel_for(0, cache.rows * key_heads, grain(2 * to * size * group), [&, key_heads = key_heads, places = places, size = size](int64_t begin, int64_t end) {
        std::vector<float> scores(to), query(size);
        for (int64_t task = begin; task < end; task++) {
            auto row = task / key_heads, key_head = task % key_heads;
            auto own_keys = keys + task * places * size, own_values = values + task * places * size;
            auto [cos, sin] = angles_of(row);
            copy_turned(token.key + row * token.key_row + key_head * token.key_head, own_keys + filled * size, size, cos, sin, rotated / 2);
            std::copy_n(token.value + row * token.value_row + key_head * token.value_head, size, own_values + filled * size);
            auto from = std::max(first[row], window > 0 ? to - window : 0);
            for (int64_t head = key_head * group; head < (key_head + 1) * group; head++) {
                copy_turned(token.query + row * token.query_row + head * token.query_head, query.data(), size, cos, sin, rotated / 2);
                attend_cached(query.data(), own_keys, own_values, scores.data(), out + (row * heads + head) * size, from, to, size, scale);
            }
        }
    });
    return result;
}

at::Tensor decode_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, at::Tensor keys, at::Tensor values,
                            const at::Tensor& starts, int64_t filled, int64_t window) {
    for (auto [tensor, name] : {std::make_pair(&query, "query"), std::make_pair(&key, "key"), std::make_pair(&value, "value")}) {
        check_floats(*tensor, name);
        TORCH_CHECK(tensor->dim() == 4 && tensor->size(1) == 1, name, " has to be [rows, 1, heads, head size]");
    }
    Cache cache(keys, values, query.size(0), starts, filled);
    TORCH_CHECK(key.sizes() == value.sizes() && key.size(0) == cache.rows && key.size(2) == cache.key_heads && key.size(3) == cache.size &&
                    query.size(3) == cache.size && query.size(2) % cache.key_heads == 0,
                "query, key, value and cache do not fit together");
    auto q = with_dense_rows(query), k = with_dense_rows(key), v = with_dense_rows(value);
    Token token{q.data_ptr<float>(), k.data_ptr<float>(), v.data_ptr<float>(), q.stride(0), q.stride(2),
                k.stride(0),         k.stride(2),         v.stride(0),         v.stride(2)};
    auto none = [](int64_t) { return std::make_pair<const float*, const float*>(nullptr, nullptr); };
    return decode(cache, token, q.size(2), none, 0, starts, filled, window);
}

// Query, key and value side by side, [rows, 1, (heads + 2 key heads) size].
struct StackedToken {
    at::Tensor stacked;
    Token token;
    int64_t heads;

    StackedToken(const at::Tensor& given, const Cache& cache) : stacked(with_dense_rows(given)), heads(given.size(-1) / cache.size - 2 * cache.key_heads) {
        check_floats(stacked, "the stacked projection");
        TORCH_CHECK(stacked.dim() == 3 && stacked.size(1) == 1, "the stacked projection has to be [rows, 1, (heads + 2 * key heads) * head size]");
        TORCH_CHECK(stacked.size(2) % cache.size == 0 && heads > 0 && heads % cache.key_heads == 0, "the stacked projection's width of ",
                    stacked.size(2), " does not fit a cache of ", cache.key_heads, " key heads of size ", cache.size);
        auto data = stacked.data_ptr<float>();
        auto row = stacked.stride(0), size = cache.size;
        token = {data, data + heads * size, data + (heads + cache.key_heads) * size, row, size, row, size, row, size};
    }
};

at::Tensor rotary_decode_attention(const at::Tensor& stacked, const at::Tensor& cos, const at::Tensor& sin, at::Tensor keys, at::Tensor values,
                                   const at::Tensor& starts, int64_t filled, int64_t window) {
    Cache cache(keys, values, stacked.size(0), starts, filled);
    StackedToken parts(stacked, cache);
    Angles angles(cos, sin, cache.rows, 1, cache.size);
    auto of_row = [&](int64_t row) { return std::make_pair(angles.cos_of(row), angles.sin_of(row)); };
    return decode(cache, parts.token, parts.heads, of_row, angles.rotated, starts, filled, window);
}

// A whole block of Llama, in one operator where its parts would be ten: for small models those cost as much in being called as
// in their work.
void decode_block_(at::Tensor x, const at::Tensor& attention_norm, const at::Tensor& query_key_value, const OptionalTensor& bias,
                   const at::Tensor& attention_output, const at::Tensor& feed_forward_norm, const at::Tensor& gate_up, const at::Tensor& down,
                   double epsilon, const at::Tensor& cos, const at::Tensor& sin, at::Tensor keys, at::Tensor values, const at::Tensor& starts,
                   int64_t filled, int64_t window) {
    for (const at::Tensor* tensor : std::initializer_list<const at::Tensor*>{&x, &attention_norm, &cos, &sin}) {
        check_floats(*tensor, "every tensor");
        TORCH_CHECK(tensor->is_contiguous(), "x, norm and tables have to be contiguous");
    }
    Cache cache(keys, values, x.size(0), starts, filled);
    auto rotated = cos.size(-1);
    TORCH_CHECK(cos.dim() == 2 && cos.sizes() == sin.sizes() && cos.size(0) > filled && rotated % 2 == 0 && rotated <= cache.size,
                "the tables have to be [more than ", filled, " positions, an even number up to ", cache.size, "]");
    TORCH_CHECK(attention_norm.numel() == x.size(-1) && attention_output.dim() == 2 && attention_output.size(0) == x.size(-1),
                "the norm has to be as wide as x, and so the output of the attention");
    StackedToken parts(few_rows_linear(rms_norm_forward(x, attention_norm, epsilon, nullptr), query_key_value, bias), cache);
    TORCH_CHECK(attention_output.size(1) == parts.heads * cache.size, "the attention's output has to take ", parts.heads, " heads of ", cache.size);
    auto first = starts.data_ptr<int64_t>();
    auto of_row = [=, c = cos.data_ptr<float>(), s = sin.data_ptr<float>()](int64_t row) {
        auto place = std::max<int64_t>(0, filled - first[row]) * rotated;
        return std::make_pair<const float*, const float*>(c + place, s + place);
    };
    few_rows_onto(x, decode(cache, parts.token, parts.heads, of_row, rotated, starts, filled, window), attention_output);
    gated_feed_forward_onto(x, feed_forward_norm, gate_up, down, epsilon);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(rer, library) {
    library.def(
        "decode_attention(Tensor query, Tensor key, Tensor value, Tensor(a!) keys, Tensor(b!) values, Tensor starts, int filled, "
        "int window) -> Tensor",
        &decode_attention);
    library.def(
        "rotary_decode_attention(Tensor stacked, Tensor cos, Tensor sin, Tensor(a!) keys, Tensor(b!) values, Tensor starts, int filled, "
        "int window) -> Tensor",
        &rotary_decode_attention);
    library.def(
        "decode_block_(Tensor(c!) x, Tensor attention_norm, Tensor query_key_value, Tensor? bias, Tensor attention_output, Tensor feed_forward_norm, "
        "Tensor gate_up, Tensor down, float epsilon, Tensor cos, Tensor sin, Tensor(a!) keys, Tensor(b!) values, Tensor starts, int filled, "
        "int window) -> ()",
        &decode_block_);
}

}  // namespace rer
