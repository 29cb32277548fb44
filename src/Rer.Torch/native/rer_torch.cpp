// A C interface over libtorch, small enough to read in one sitting.
//
// Every ATen operator is reached through the dispatcher's boxed convention, so nothing here names an operator:
// a caller finds one by name and overload, passes tagged arguments and takes tagged results. What is not an
// operator (autograd, grad mode, generators, threads, memory) has a function of its own.
//
// A tensor crosses the boundary as its TensorImpl pointer with one reference owned by the holder; null is an
// undefined tensor. Functions that can fail return a negative number and leave the message in rer_last_error.
//
// The file compiles against libtorch 1.13 and later ones. RER_CUDA is defined by the build where the libtorch
// has CUDA and the CUDA headers were found.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/version.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#ifdef RER_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#endif

#define RER_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

#ifdef __GLIBC__
// A training step frees what the next one allocates again. Left to itself, malloc hands such memory back to the system
// in between, and each page of it costs a fault when it comes back: half the time of an element-wise operator.
[[maybe_unused]] const bool keeps_memory = [] {
    return mallopt(M_MMAP_THRESHOLD, 32 << 20) == 1 && mallopt(M_TRIM_THRESHOLD, 1 << 30) == 1 && mallopt(M_TOP_PAD, 64 << 20) == 1;
}();
#endif

using Handle = c10::TensorImpl*;
using TensorPointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

// Optional became std::optional in later versions; asking an interface for its own type serves both.
using OptionalTensorList = decltype(std::declval<const c10::IValue&>().toOptionalTensorList());
using OptionalTensor = OptionalTensorList::value_type;

enum class Tag : int32_t {
    kNone = 0,
    kTensor = 1,
    kInt = 2,
    kDouble = 3,
    kBool = 4,
    kIntList = 5,
    kTensorList = 6,
    kDoubleList = 7,
    kDevice = 8,  // integer: device type; length: index
    kGenerator = 9,
    kString = 10,  // UTF-8, length bytes
    kBoolList = 11,  // bytes
};

struct Argument {
    Tag tag;
    int32_t length;
    union {
        int64_t integer;
        double real;
        const void* pointer;
    };
};

struct Operator {
    c10::OperatorHandle handle;
    std::vector<c10::TypeKind> kinds;  // of each argument, an optional's being that of its element
    std::vector<c10::IValue> defaults;
};

struct TensorInfo {
    int64_t dimensions;
    int64_t elements;
    int64_t element_size;
    int64_t storage_offset;
    int32_t scalar_type;
    int32_t device_type;
    int32_t device_index;
    int32_t flags;  // 1 contiguous, 2 requires grad, 4 leaf, 8 inference, 16 pinned is not told: it costs a driver call
};

thread_local std::string last_error;
thread_local std::vector<Argument> pending_results;
thread_local std::vector<c10::IValue> spare_stack;

at::Tensor borrow(Handle handle) {
    return handle == nullptr ? at::Tensor() : at::Tensor(TensorPointer::unsafe_reclaim_from_nonowning(handle));
}

Handle release(at::Tensor&& tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

std::vector<at::Tensor> borrow_all(const Handle* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int32_t i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
    return tensors;
}

const char* scalar_type_name(at::ScalarType type) {
    switch (type) {
        case at::kByte: return "uint8";
        case at::kChar: return "int8";
        case at::kShort: return "int16";
        case at::kInt: return "int32";
        case at::kLong: return "int64";
        case at::kHalf: return "float16";
        case at::kFloat: return "float32";
        case at::kDouble: return "float64";
        case at::kBool: return "bool";
        case at::kBFloat16: return "bfloat16";
        default: return c10::toString(type);
    }
}

std::string describe(const at::Tensor& tensor) {
    if (!tensor.defined()) return "none";
    std::string text = scalar_type_name(tensor.scalar_type());
    text += '[';
    for (int64_t i = 0; i < tensor.dim(); i++) {
        if (i > 0) text += ", ";
        text += std::to_string(tensor.size(i));
    }
    text += ']';
    if (!tensor.is_cpu()) text += " on " + tensor.device().str();
    return text;
}

std::string describe(const Argument& argument) {
    switch (argument.tag) {
        case Tag::kTensor: return describe(borrow(static_cast<Handle>(const_cast<void*>(argument.pointer))));
        case Tag::kInt: return std::to_string(argument.integer);
        case Tag::kDouble: return std::to_string(argument.real);
        case Tag::kBool: return argument.integer != 0 ? "true" : "false";
        case Tag::kString: return std::string(static_cast<const char*>(argument.pointer), argument.length);
        case Tag::kDevice: return c10::Device(static_cast<c10::DeviceType>(argument.integer), argument.length).str();
        case Tag::kIntList: {
            std::string text = "(";
            auto values = static_cast<const int64_t*>(argument.pointer);
            for (int32_t i = 0; i < argument.length; i++) text += (i > 0 ? ", " : "") + std::to_string(values[i]);
            return text + ")";
        }
        case Tag::kDoubleList: {
            std::string text = "(";
            auto values = static_cast<const double*>(argument.pointer);
            for (int32_t i = 0; i < argument.length; i++) text += (i > 0 ? ", " : "") + std::to_string(values[i]);
            return text + ")";
        }
        case Tag::kTensorList: {
            std::string text = "(";
            auto handles = static_cast<const Handle*>(argument.pointer);
            for (int32_t i = 0; i < argument.length; i++) {
                if (i == 8) return text + ", ... " + std::to_string(argument.length) + " in all)";
                text += (i > 0 ? ", " : "") + describe(borrow(handles[i]));
            }
            return text + ")";
        }
        default: return "none";
    }
}

const char* message_of(const std::exception& error) {
    auto torch_error = dynamic_cast<const c10::Error*>(&error);
    return torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
}

void explain(const Operator& op, const Argument* arguments, int32_t count, const std::exception& error) {
    auto& schema = op.handle.schema();
    last_error = schema.name();
    if (!schema.overload_name().empty()) last_error += "." + schema.overload_name();
    last_error += ": ";
    last_error += message_of(error);
    last_error += "\n  called with ";
    for (int32_t i = 0; i < count; i++) {
        if (i > 0) last_error += ", ";
        if (i < static_cast<int32_t>(schema.arguments().size())) last_error += schema.arguments()[i].name() + " ";
        last_error += describe(arguments[i]);
    }
}

// Runs what can throw; the result of a body that did not is passed on.
template <class Body>
int64_t guarded(const char* what, Body body) {
    try {
        return body();
    } catch (const std::exception& error) {
        last_error = std::string(what) + ": " + message_of(error);
    } catch (...) {
        last_error = std::string(what) + ": an exception that is no std::exception";
    }
    return -1;
}

c10::IValue to_value(const Argument& argument, c10::TypeKind kind) {
    switch (argument.tag) {
        case Tag::kTensor:
            return c10::IValue(borrow(static_cast<Handle>(const_cast<void*>(argument.pointer))));
        case Tag::kInt:
            if (kind == c10::TypeKind::FloatType) return c10::IValue(static_cast<double>(argument.integer));
            return c10::IValue(argument.integer);
        case Tag::kDouble:
            return c10::IValue(argument.real);
        case Tag::kBool:
            return c10::IValue(argument.integer != 0);
        case Tag::kIntList: {
            auto values = static_cast<const int64_t*>(argument.pointer);
            c10::List<int64_t> list;
            list.reserve(argument.length);
            for (int32_t i = 0; i < argument.length; i++) list.push_back(values[i]);
            return c10::IValue(std::move(list));
        }
        case Tag::kDoubleList: {
            auto values = static_cast<const double*>(argument.pointer);
            c10::List<double> list;
            for (int32_t i = 0; i < argument.length; i++) list.push_back(values[i]);
            return c10::IValue(std::move(list));
        }
        case Tag::kBoolList: {
            auto values = static_cast<const uint8_t*>(argument.pointer);
            c10::List<bool> list;
            for (int32_t i = 0; i < argument.length; i++) list.push_back(values[i] != 0);
            return c10::IValue(std::move(list));
        }
        case Tag::kTensorList: {
            auto handles = static_cast<const Handle*>(argument.pointer);
            if (kind == c10::TypeKind::OptionalType) {
                OptionalTensorList list;
                list.reserve(argument.length);
                for (int32_t i = 0; i < argument.length; i++)
                    list.push_back(handles[i] == nullptr ? OptionalTensor() : OptionalTensor(borrow(handles[i])));
                return c10::IValue(std::move(list));
            }
            c10::List<at::Tensor> list;
            list.reserve(argument.length);
            for (int32_t i = 0; i < argument.length; i++) list.push_back(borrow(handles[i]));
            return c10::IValue(std::move(list));
        }
        case Tag::kDevice:
            return c10::IValue(c10::Device(static_cast<c10::DeviceType>(argument.integer), argument.length));
        case Tag::kGenerator:
            return c10::IValue(*static_cast<const at::Generator*>(argument.pointer));
        case Tag::kString:
            return c10::IValue(std::string(static_cast<const char*>(argument.pointer), argument.length));
        default:
            return c10::IValue();
    }
}

void append_result(std::vector<Argument>& results, c10::IValue&& value) {
    Argument result{};
    if (value.isTensor()) {
        result.tag = Tag::kTensor;
        result.pointer = release(std::move(value).toTensor());
    } else if (value.isTensorList()) {
        for (at::Tensor tensor : value.toTensorVector()) append_result(results, c10::IValue(std::move(tensor)));
        return;
    } else if (value.isInt()) {
        result.tag = Tag::kInt;
        result.integer = value.toInt();
    } else if (value.isDouble()) {
        result.tag = Tag::kDouble;
        result.real = value.toDouble();
    } else if (value.isBool()) {
        result.tag = Tag::kBool;
        result.integer = value.toBool() ? 1 : 0;
    } else if (!value.isNone()) {
        throw std::runtime_error("a result of type " + value.tagKind() + " has no place in this interface");
    }
    results.push_back(result);
}

// The kind that decides how an argument is boxed; for a list of optional tensors, OptionalType.
c10::TypeKind kind_of(const c10::Argument& argument) {
    auto type = argument.type();
    if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
    if (auto list = type->cast<c10::ListType>()) return list->getElementType()->kind();
    return type->kind();
}

}  // namespace

// Raised with every change of what this file exports; the managed side refuses a library of another number.
RER_EXPORT int32_t rer_interface() { return 10; }

RER_EXPORT const char* rer_last_error() { return last_error.c_str(); }

// Finds an operator such as ("aten::add", "Tensor"). Null where this libtorch has none.
RER_EXPORT Operator* rer_operator(const char* name, const char* overload) {
    try {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        if (!handle.has_value()) return nullptr;
        auto op = new Operator{*handle, {}, {}};
        for (auto& argument : handle->schema().arguments()) {
            op->kinds.push_back(kind_of(argument));
            auto& value = argument.default_value();
            op->defaults.push_back(value.has_value() ? *value : c10::IValue());
        }
        return op;
    } catch (const std::exception& error) {
        last_error = message_of(error);
        return nullptr;
    }
}

// Calls an operator with its first count arguments; the schema's defaults stand for the rest. Writes up to capacity
// results and returns how many there are: tuples and lists come flattened, what does not fit waits in
// rer_take_results. A capacity of -1 drops the results, as an in-place call wants.
RER_EXPORT int32_t rer_call(const Operator* op, const Argument* arguments, int32_t count, Argument* results, int32_t capacity) {
    std::vector<c10::IValue> stack = std::move(spare_stack);
    stack.clear();
    int32_t total = -1;
    try {
        auto size = static_cast<int32_t>(op->kinds.size());
        if (count > size) throw std::runtime_error("takes " + std::to_string(size) + " arguments, got " + std::to_string(count));
        for (int32_t i = 0; i < count; i++) stack.push_back(to_value(arguments[i], op->kinds[i]));
        for (int32_t i = count; i < size; i++) stack.push_back(op->defaults[i]);
        op->handle.callBoxed(&stack);
        if (capacity < 0) {
            total = 0;
        } else if (stack.size() == 1 && stack[0].isTensor() && capacity > 0) {
            results[0].tag = Tag::kTensor;
            results[0].pointer = release(std::move(stack[0]).toTensor());
            total = 1;
        } else {
            std::vector<Argument> all;
            for (auto& value : stack) append_result(all, std::move(value));
            total = static_cast<int32_t>(all.size());
            if (total <= capacity) {
                std::copy(all.begin(), all.end(), results);
            } else {
                pending_results = std::move(all);
            }
        }
    } catch (const std::exception& error) {
        explain(*op, arguments, count, error);
    }
    stack.clear();
    spare_stack = std::move(stack);
    return total;
}

RER_EXPORT void rer_take_results(Argument* results) {
    std::copy(pending_results.begin(), pending_results.end(), results);
    pending_results.clear();
}

RER_EXPORT void rer_release(Handle handle) { TensorPointer::reclaim(handle); }

RER_EXPORT Handle rer_retain(Handle handle) { return borrow(handle).unsafeReleaseTensorImpl(); }

RER_EXPORT int64_t rer_use_count(Handle handle) { return borrow(handle).use_count() - 1; }

RER_EXPORT void rer_info(Handle handle, TensorInfo* info) {
    auto tensor = borrow(handle);
    info->dimensions = tensor.dim();
    info->elements = tensor.numel();
    info->element_size = static_cast<int64_t>(tensor.element_size());
    info->storage_offset = tensor.storage_offset();
    info->scalar_type = static_cast<int32_t>(tensor.scalar_type());
    info->device_type = static_cast<int32_t>(tensor.device().type());
    info->device_index = tensor.device().index();
    info->flags = (tensor.is_contiguous() ? 1 : 0) | (tensor.requires_grad() ? 2 : 0) | (tensor.is_leaf() ? 4 : 0) |
                  (tensor.is_inference() ? 8 : 0);
}

RER_EXPORT int64_t rer_dim(Handle handle) { return handle->dim(); }

RER_EXPORT int64_t rer_numel(Handle handle) { return handle->numel(); }

RER_EXPORT int32_t rer_scalar_type(Handle handle) { return static_cast<int32_t>(c10::typeMetaToScalarType(handle->dtype())); }

RER_EXPORT void rer_sizes(Handle handle, int64_t* sizes) {
    auto values = handle->sizes();
    std::copy(values.begin(), values.end(), sizes);
}

RER_EXPORT void rer_strides(Handle handle, int64_t* strides) {
    auto values = handle->strides();
    std::copy(values.begin(), values.end(), strides);
}

RER_EXPORT void* rer_data(Handle handle) { return borrow(handle).data_ptr(); }

// A tensor over memory that is not copied; release(context) runs when the last tensor over it is gone.
RER_EXPORT Handle rer_from_blob(void* data, const int64_t* sizes, int32_t dimensions, int32_t scalar_type,
                                void (*release_memory)(void*), void* context) {
    Handle result = nullptr;
    guarded("from_blob", [&]() -> int64_t {
        auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(scalar_type));
        result = release(at::from_blob(
            data, at::IntArrayRef(sizes, dimensions), [=](void*) { if (release_memory != nullptr) release_memory(context); }, options));
        return 0;
    });
    return result;
}

RER_EXPORT int32_t rer_set_requires_grad(Handle handle, int32_t requires_grad) {
    return static_cast<int32_t>(guarded("requires_grad", [&]() -> int64_t {
        borrow(handle).requires_grad_(requires_grad != 0);
        return 0;
    }));
}

RER_EXPORT Handle rer_grad(Handle handle) {
    auto gradient = borrow(handle).grad();
    return release(std::move(gradient));
}

RER_EXPORT int32_t rer_set_grad(Handle handle, Handle gradient) {
    return static_cast<int32_t>(guarded("grad", [&]() -> int64_t {
        borrow(handle).mutable_grad() = borrow(gradient);
        return 0;
    }));
}

RER_EXPORT int32_t rer_backward(const Handle* tensors, int32_t count, const Handle* gradients, int32_t gradient_count,
                                int32_t retain_graph, int32_t create_graph, const Handle* inputs, int32_t input_count) {
    return static_cast<int32_t>(guarded("backward", [&]() -> int64_t {
        torch::autograd::backward(borrow_all(tensors, count), borrow_all(gradients, gradient_count), retain_graph != 0,
                                  create_graph != 0, borrow_all(inputs, input_count));
        return 0;
    }));
}

// results holds input_count handles; null for an unused input.
RER_EXPORT int32_t rer_autograd_grad(const Handle* outputs, int32_t count, const Handle* inputs, int32_t input_count,
                                     const Handle* gradients, int32_t gradient_count, int32_t retain_graph, int32_t create_graph,
                                     int32_t allow_unused, Handle* results) {
    return static_cast<int32_t>(guarded("autograd.grad", [&]() -> int64_t {
        auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                           borrow_all(gradients, gradient_count), retain_graph != 0, create_graph != 0,
                                           allow_unused != 0);
        for (size_t i = 0; i < found.size(); i++) results[i] = release(std::move(found[i]));
        return 0;
    }));
}

RER_EXPORT int32_t rer_grad_mode() { return at::GradMode::is_enabled() ? 1 : 0; }

RER_EXPORT void rer_set_grad_mode(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }

RER_EXPORT int32_t rer_inference_mode() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

RER_EXPORT c10::InferenceMode* rer_enter_inference_mode(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

RER_EXPORT void rer_leave_inference_mode(c10::InferenceMode* mode) { delete mode; }

RER_EXPORT at::Generator* rer_generator(int32_t device_type, int32_t device_index) {
    at::Generator* generator = nullptr;
    guarded("generator", [&]() -> int64_t {
        if (static_cast<c10::DeviceType>(device_type) == c10::DeviceType::CPU) {
            generator = new at::Generator(at::detail::createCPUGenerator());
        } else {
            c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
            generator = new at::Generator(at::globalContext().defaultGenerator(device).clone());
        }
        return 0;
    });
    return generator;
}

RER_EXPORT at::Generator* rer_default_generator(int32_t device_type, int32_t device_index) {
    at::Generator* generator = nullptr;
    guarded("default generator", [&]() -> int64_t {
        c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        generator = new at::Generator(at::globalContext().defaultGenerator(device));
        return 0;
    });
    return generator;
}

RER_EXPORT void rer_generator_release(at::Generator* generator) { delete generator; }

RER_EXPORT int64_t rer_generator_initial_seed(at::Generator* generator) { return static_cast<int64_t>(generator->current_seed()); }

// A generator of libtorch has no lock of its own for these; its mutex is what the kernels take too.
RER_EXPORT int64_t rer_generator_seed(at::Generator* generator) {
    std::lock_guard<std::mutex> lock(generator->mutex());
    return static_cast<int64_t>(generator->seed());
}

RER_EXPORT void rer_generator_set_seed(at::Generator* generator, int64_t seed) {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(static_cast<uint64_t>(seed));
}

RER_EXPORT Handle rer_generator_state(at::Generator* generator) {
    Handle state = nullptr;
    guarded("generator state", [&]() -> int64_t {
        std::lock_guard<std::mutex> lock(generator->mutex());
        state = release(generator->get_state());
        return 0;
    });
    return state;
}

RER_EXPORT int32_t rer_generator_set_state(at::Generator* generator, Handle state) {
    return static_cast<int32_t>(guarded("generator state", [&]() -> int64_t {
        std::lock_guard<std::mutex> lock(generator->mutex());
        generator->set_state(borrow(state));
        return 0;
    }));
}

// Seeds the default generator of every device.
RER_EXPORT int32_t rer_manual_seed(int64_t seed) {
    return static_cast<int32_t>(guarded("manual_seed", [&]() -> int64_t {
        at::manual_seed(static_cast<uint64_t>(seed));
        return 0;
    }));
}

RER_EXPORT int32_t rer_threads() { return at::get_num_threads(); }

RER_EXPORT void rer_set_threads(int32_t count) { at::set_num_threads(count); }

// Calls body(context, i) for each i below count on libtorch's own threads, which return when all are done. Operators within
// find themselves in a parallel region and keep to their thread, BLAS included.
RER_EXPORT int32_t rer_parallel(int32_t count, void (*body)(void*, int32_t), void* context) {
    return static_cast<int32_t>(guarded("parallel_for", [&]() -> int64_t {
        at::parallel_for(0, count, 1, [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) body(context, static_cast<int32_t>(i));
        });
        return 0;
    }));
}

// Bytes that native code of this process holds from malloc; -1 where the C library does not tell.
RER_EXPORT int64_t rer_native_bytes() {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    auto held = mallinfo2();
    return static_cast<int64_t>(held.uordblks + held.hblkhd);
#else
    return -1;
#endif
}

RER_EXPORT const char* rer_torch_version() { return TORCH_VERSION; }

// 1 where this file was built with the CUDA parts.
RER_EXPORT int32_t rer_built_with_cuda() {
#ifdef RER_CUDA
    return 1;
#else
    return 0;
#endif
}

RER_EXPORT int32_t rer_cuda_device_count() {
    return static_cast<int32_t>(guarded("cuda", []() -> int64_t {
        return at::globalContext().hasCUDA() ? c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount() : 0;
    }));
}

namespace {

struct DeviceMemory {
    int64_t allocated;
    int64_t peak_allocated;
    int64_t reserved;
    int64_t peak_reserved;
    int64_t free;
    int64_t total;
};

struct DeviceProperties {
    char name[256];
    int32_t major;
    int32_t minor;
    int32_t multiprocessors;
    int32_t reserved;
};

// What follows needs the CUDA runtime's headers. Without them every function of this part fails with the reason.
template <class Body>
int32_t on_cuda(const char* what, Body body) {
    return static_cast<int32_t>(guarded(what, [&]() -> int64_t {
#ifdef RER_CUDA
        body();
        return 0;
#else
        (void)body;
        throw std::runtime_error(at::globalContext().hasCUDA()
                                     ? "this libtorch has CUDA, but the binding was built where the CUDA headers were not found"
                                     : "this libtorch has no CUDA");
#endif
    }));
}

}  // namespace

RER_EXPORT int32_t rer_cuda_synchronize(int32_t device) {
    return on_cuda("synchronize", [=] {
#ifdef RER_CUDA
        auto before = c10::cuda::current_device();
        if (device >= 0) c10::cuda::set_device(static_cast<c10::DeviceIndex>(device));
        c10::cuda::device_synchronize();
        c10::cuda::set_device(before);
#else
        (void)device;
#endif
    });
}

RER_EXPORT int32_t rer_cuda_memory(int32_t device, DeviceMemory* memory) {
    return on_cuda("memory statistics", [=] {
#ifdef RER_CUDA
        auto before = c10::cuda::current_device();
        auto index = device >= 0 ? static_cast<c10::DeviceIndex>(device) : before;
        auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(index);
        memory->allocated = stats.allocated_bytes[0].current;
        memory->peak_allocated = stats.allocated_bytes[0].peak;
        memory->reserved = stats.reserved_bytes[0].current;
        memory->peak_reserved = stats.reserved_bytes[0].peak;
        size_t free = 0, total = 0;
        c10::cuda::set_device(index);
        C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
        c10::cuda::set_device(before);
        memory->free = static_cast<int64_t>(free);
        memory->total = static_cast<int64_t>(total);
#else
        (void)device, (void)memory;
#endif
    });
}

RER_EXPORT int32_t rer_cuda_reset_peak(int32_t device) {
    return on_cuda("reset of the peak statistics", [=] {
#ifdef RER_CUDA
        c10::cuda::CUDACachingAllocator::resetPeakStats(device >= 0 ? static_cast<c10::DeviceIndex>(device) : c10::cuda::current_device());
#else
        (void)device;
#endif
    });
}

// Gives memory that no tensor uses back to the device.
RER_EXPORT int32_t rer_cuda_empty_cache() {
    return on_cuda("empty_cache", [] {
#ifdef RER_CUDA
        c10::cuda::CUDACachingAllocator::emptyCache();
#endif
    });
}

RER_EXPORT int32_t rer_cuda_properties(int32_t device, DeviceProperties* properties) {
    return on_cuda("device properties", [=] {
#ifdef RER_CUDA
        cudaDeviceProp found;
        C10_CUDA_CHECK(cudaGetDeviceProperties(&found, device >= 0 ? device : c10::cuda::current_device()));
        std::memcpy(properties->name, found.name, sizeof(properties->name));
        properties->major = found.major;
        properties->minor = found.minor;
        properties->multiprocessors = found.multiProcessorCount;
#else
        (void)device, (void)properties;
#endif
    });
}

// A CUDA graph: what the device is asked between begin and end is recorded, not run; replay runs all of it at once, on
// the memory that it used while it was recorded. Recording needs a stream of its own, current from begin to end.
struct Graph {
#ifdef RER_CUDA
    at::cuda::CUDAGraph graph;
    c10::cuda::CUDAStream stream = c10::cuda::getStreamFromPool();
    c10::cuda::CUDAStream before = c10::cuda::getCurrentCUDAStream();
#endif
};

RER_EXPORT Graph* rer_graph_begin() {
    Graph* recording = nullptr;
    on_cuda("graph capture", [&] {
#ifdef RER_CUDA
        auto graph = std::make_unique<Graph>();
        c10::cuda::device_synchronize();
        c10::cuda::setCurrentCUDAStream(graph->stream);
        try {
            graph->graph.capture_begin();
        } catch (...) {
            c10::cuda::setCurrentCUDAStream(graph->before);
            throw;
        }
        recording = graph.release();
#endif
    });
    return recording;
}

RER_EXPORT int32_t rer_graph_end(Graph* graph) {
    return on_cuda("graph capture", [=] {
#ifdef RER_CUDA
        struct Restore {
            c10::cuda::CUDAStream stream;
            ~Restore() { c10::cuda::setCurrentCUDAStream(stream); }
        } restore{graph->before};
        graph->graph.capture_end();
#else
        (void)graph;
#endif
    });
}

RER_EXPORT int32_t rer_graph_replay(Graph* graph) {
    return on_cuda("graph replay", [=] {
#ifdef RER_CUDA
        graph->graph.replay();
#else
        (void)graph;
#endif
    });
}

RER_EXPORT void rer_graph_release(Graph* graph) { delete graph; }
