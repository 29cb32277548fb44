// A C interface over libtorch, small enough to read in one sitting.
//
// Every ATen operator is reached through the dispatcher's boxed convention, so nothing here names an operator:
// a caller finds one by name and overload, passes tagged arguments and takes tagged results. What is not an
// operator (autograd, grad mode, generators, threads, memory) has a function of its own.
//
// A tensor crosses the boundary as its TensorImpl pointer with one reference owned by the holder; null is an
// undefined tensor. Functions that can fail return a negative number and leave the message in rer_last_error.
//
// The file compiles against libtorch 1.13 and every later one. RER_CUDA is defined by the build where the libtorch
// has CUDA and the CUDA headers were found.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/library.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
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

enum Tag : int32_t {
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
    int32_t tag;
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
        case kTensor: return describe(borrow(static_cast<Handle>(const_cast<void*>(argument.pointer))));
        case kInt: return std::to_string(argument.integer);
        case kDouble: return std::to_string(argument.real);
        case kBool: return argument.integer != 0 ? "true" : "false";
        case kString: return std::string(static_cast<const char*>(argument.pointer), argument.length);
        case kDevice: return c10::Device(static_cast<c10::DeviceType>(argument.integer), argument.length).str();
        case kIntList: {
            std::string text = "(";
            auto values = static_cast<const int64_t*>(argument.pointer);
            for (int32_t i = 0; i < argument.length; i++) text += (i > 0 ? ", " : "") + std::to_string(values[i]);
            return text + ")";
        }
        case kTensorList: {
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
        case kTensor:
            return c10::IValue(borrow(static_cast<Handle>(const_cast<void*>(argument.pointer))));
        case kInt:
            if (kind == c10::TypeKind::FloatType) return c10::IValue(static_cast<double>(argument.integer));
            return c10::IValue(argument.integer);
        case kDouble:
            return c10::IValue(argument.real);
        case kBool:
            return c10::IValue(argument.integer != 0);
        case kIntList: {
            auto values = static_cast<const int64_t*>(argument.pointer);
            c10::List<int64_t> list;
            list.reserve(argument.length);
            for (int32_t i = 0; i < argument.length; i++) list.push_back(values[i]);
            return c10::IValue(std::move(list));
        }
        case kDoubleList: {
            auto values = static_cast<const double*>(argument.pointer);
            c10::List<double> list;
            for (int32_t i = 0; i < argument.length; i++) list.push_back(values[i]);
            return c10::IValue(std::move(list));
        }
        case kBoolList: {
            auto values = static_cast<const uint8_t*>(argument.pointer);
            c10::List<bool> list;
            for (int32_t i = 0; i < argument.length; i++) list.push_back(values[i] != 0);
            return c10::IValue(std::move(list));
        }
        case kTensorList: {
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
        case kDevice:
            return c10::IValue(c10::Device(static_cast<c10::DeviceType>(argument.integer), argument.length));
        case kGenerator:
            return c10::IValue(*static_cast<const at::Generator*>(argument.pointer));
        case kString:
            return c10::IValue(std::string(static_cast<const char*>(argument.pointer), argument.length));
        default:
            return c10::IValue();
    }
}

void append_result(std::vector<Argument>& results, c10::IValue&& value) {
    Argument result{};
    if (value.isTensor()) {
        result.tag = kTensor;
        result.pointer = release(std::move(value).toTensor());
    } else if (value.isTensorList()) {
        for (at::Tensor tensor : value.toTensorVector()) append_result(results, c10::IValue(std::move(tensor)));
        return;
    } else if (value.isInt()) {
        result.tag = kInt;
        result.integer = value.toInt();
    } else if (value.isDouble()) {
        result.tag = kDouble;
        result.real = value.toDouble();
    } else if (value.isBool()) {
        result.tag = kBool;
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
RER_EXPORT int32_t rer_interface() { return 2; }

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
            results[0].tag = kTensor;
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
        return at::globalContext().hasCUDA() ? static_cast<int64_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0;
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

// Fused kernels for float32 on the CPU, as operators of the namespace rer.
//
// Each does in one pass what several ATen operators do in as many; their contracts stand in IFusedKernels.cs. Loops
// that carry the work are compiled once for each of three instruction sets, and the processor at hand decides at load.
// Work is split by rows, and sums run within a row or over fixed blocks of rows: results do not depend on the threads.

#if defined(__x86_64__)
#define RER_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define RER_FOR_EACH_PROCESSOR
#endif
#define RER_INLINE inline __attribute__((always_inline))

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Below this many elements a second thread costs more than it saves.
constexpr int64_t kElementsPerThread = 16384;

int64_t grain(int64_t elements_per_row) { return std::max<int64_t>(1, kElementsPerThread / std::max<int64_t>(1, elements_per_row)); }

void check_floats(const at::Tensor& tensor, const char* name) {
    TORCH_CHECK(tensor.is_cpu() && tensor.scalar_type() == at::kFloat, name, " has to be float32 on the CPU, not ", describe(tensor));
}

// The last dimension dense, so that a row can be read as it lies.
at::Tensor with_dense_rows(const at::Tensor& tensor) { return tensor.stride(-1) == 1 ? tensor : tensor.contiguous(); }

bool needs_graph(std::initializer_list<const at::Tensor*> tensors) {
    if (!at::GradMode::is_enabled()) return false;
    return std::any_of(tensors.begin(), tensors.end(), [](const at::Tensor* tensor) { return tensor->requires_grad(); });
}

// e^x to 2 units in the last place for x <= 88; what would be below the smallest normal number comes out as that.
// A polynomial (Moshier, Cephes) rather than the library's, which no loop can be vectorised over.
RER_INLINE float exponential(float x) {
    x = x < -87.33654f ? -87.33654f : x;
    x = x > 88.3762626f ? 88.3762626f : x;
    constexpr float shift = 12582912.0f;  // 1.5 * 2^23: adding it leaves the nearest whole number in the low bits
    float shifted = x * 1.44269504088896341f + shift;
    float whole = shifted - shift;
    float rest = x - whole * 0.693359375f + whole * 2.12194440e-4f;
    float power = 1.9875691500e-4f;
    power = power * rest + 1.3981999507e-3f;
    power = power * rest + 8.3334519073e-3f;
    power = power * rest + 4.1665795894e-2f;
    power = power * rest + 1.6666665459e-1f;
    power = power * rest + 5.0000001201e-1f;
    power = power * rest * rest + rest + 1.0f;
    int32_t bits;
    std::memcpy(&bits, &shifted, sizeof(bits));
    bits = (bits + 127) << 23;
    float scale;
    std::memcpy(&scale, &bits, sizeof(scale));
    return power * scale;
}

RER_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

// ---- RMS norm

RER_FOR_EACH_PROCESSOR
void rms_norm_rows(const float* x, const float* weight, float* y, float* scales, int64_t begin, int64_t end, int64_t width, float epsilon) {
    for (int64_t row = begin; row < end; row++) {
        const float* in = x + row * width;
        float* out = y + row * width;
        float squares = 0;
#pragma omp simd reduction(+ : squares)
        for (int64_t i = 0; i < width; i++) squares += in[i] * in[i];
        float scale = 1.0f / std::sqrt(squares / static_cast<float>(width) + epsilon);
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = in[i] * scale * weight[i];
        if (scales != nullptr) scales[row] = scale;
    }
}

// With n = x * scale: dx = scale * (dy*w - n * mean(dy*w*n)), and each row adds dy * n to dw.
RER_FOR_EACH_PROCESSOR
void rms_norm_backward_rows(const float* x, const float* weight, const float* scales, const float* dy, float* dx, float* dw,
                            int64_t begin, int64_t end, int64_t width) {
    for (int64_t row = begin; row < end; row++) {
        const float* in = x + row * width;
        const float* grad = dy + row * width;
        float* out = dx + row * width;
        float scale = scales[row];
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < width; i++) sum += grad[i] * weight[i] * in[i];
        float mean = sum * scale * scale / static_cast<float>(width);
#pragma omp simd
        for (int64_t i = 0; i < width; i++) out[i] = scale * (grad[i] * weight[i] - in[i] * mean);
        if (dw == nullptr) continue;
#pragma omp simd
        for (int64_t i = 0; i < width; i++) dw[i] += grad[i] * in[i] * scale;
    }
}

at::Tensor rms_norm_forward(const at::Tensor& x, const at::Tensor& weight, double epsilon, float* scales) {
    auto width = x.size(-1);
    auto y = at::empty_like(x);
    auto in = x.data_ptr<float>(), gain = weight.data_ptr<float>(), out = y.data_ptr<float>();
    at::parallel_for(0, x.numel() / width, grain(width), [=](int64_t begin, int64_t end) {
        rms_norm_rows(in, gain, out, scales, begin, end, width, static_cast<float>(epsilon));
    });
    return y;
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, double epsilon) {
        auto scales = at::empty({x.numel() / x.size(-1)}, x.options());
        auto y = rms_norm_forward(x, weight, epsilon, scales.data_ptr<float>());
        context->save_for_backward({x, weight, scales});
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        constexpr int64_t block = 64;
        auto saved = context->get_saved_variables();
        auto &x = saved[0], &weight = saved[1], &scales = saved[2];
        auto dy = gradients[0].contiguous();
        auto width = x.size(-1), rows = x.numel() / width, blocks = (rows + block - 1) / block;
        auto dx = at::empty_like(x);
        bool wants_weight = context->needs_input_grad(1);
        auto partial = wants_weight ? at::zeros({blocks, width}, x.options()) : at::Tensor();
        auto in = x.data_ptr<float>(), gain = weight.data_ptr<float>(), norm = scales.data_ptr<float>(), grad = dy.data_ptr<float>(),
             out = dx.data_ptr<float>(), sums = wants_weight ? partial.data_ptr<float>() : nullptr;
        at::parallel_for(0, blocks, grain(block * width), [=](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++)
                rms_norm_backward_rows(in, gain, norm, grad, out, sums == nullptr ? nullptr : sums + i * width, i * block,
                                       std::min(rows, (i + 1) * block), width);
        });
        return {dx, wants_weight ? partial.sum(0) : at::Tensor(), at::Tensor()};
    }
};

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double epsilon) {
    check_floats(x, "x");
    check_floats(weight, "weight");
    TORCH_CHECK(x.dim() > 0 && weight.dim() == 1 && weight.size(0) == x.size(-1), "the weight has to be as wide as x");
    auto rows = x.contiguous();
    auto gain = weight.contiguous();
    return needs_graph({&x, &weight}) ? RmsNorm::apply(rows, gain, epsilon) : rms_norm_forward(rows, gain, epsilon, nullptr);
}

// ---- rotary embedding

RER_FOR_EACH_PROCESSOR
void rotate_heads(const float* x, float* y, const float* cos, const float* sin, int64_t heads, int64_t x_stride, int64_t y_stride,
                  int64_t half, int64_t size, float direction) {
    for (int64_t head = 0; head < heads; head++) {
        const float* in = x + head * x_stride;
        float* out = y + head * y_stride;
#pragma omp simd
        for (int64_t i = 0; i < half; i++) {
            float first = in[i], second = in[half + i], s = direction * sin[i];
            out[i] = first * cos[i] - second * s;
            out[half + i] = second * cos[i] + first * s;
        }
        for (int64_t i = 2 * half; i < size; i++) out[i] = in[i];
    }
}

// x is [batch, tokens, heads, size]; the backward pass turns the other way.
at::Tensor rotate(const at::Tensor& given, const at::Tensor& cos, const at::Tensor& sin, float direction) {
    auto x = with_dense_rows(given);
    auto batch = x.size(0), tokens = x.size(1), heads = x.size(2), size = x.size(3), rotated = cos.size(-1);
    auto y = at::empty({batch, tokens, heads, size}, x.options());
    auto in = x.data_ptr<float>(), out = y.data_ptr<float>(), c = cos.data_ptr<float>(), s = sin.data_ptr<float>();
    auto x_batch = x.stride(0), x_token = x.stride(1), x_head = x.stride(2), c_batch = cos.size(0) == 1 ? 0 : tokens * rotated;
    at::parallel_for(0, batch * tokens, grain(heads * size), [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
            auto row = i / tokens, token = i % tokens;
            auto angle = row * c_batch + token * rotated;
            rotate_heads(in + row * x_batch + token * x_token, out + i * heads * size, c + angle, s + angle, heads, x_head, size,
                         rotated / 2, size, direction);
        }
    });
    return y;
}

struct Rotary : torch::autograd::Function<Rotary> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
        context->save_for_backward({cos, sin});
        return rotate(x, cos, sin, 1);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        return {rotate(gradients[0], saved[0], saved[1], -1), at::Tensor(), at::Tensor()};
    }
};

at::Tensor rotary(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin) {
    check_floats(x, "x");
    check_floats(cos, "cos");
    check_floats(sin, "sin");
    TORCH_CHECK(x.dim() == 4, "x has to be [batch, tokens, heads, head size]");
    auto rotated = cos.size(-1);
    TORCH_CHECK(rotated % 2 == 0 && rotated <= x.size(3), "cos has to be of an even size no larger than a head");
    TORCH_CHECK(cos.sizes() == sin.sizes() && cos.numel() == (cos.size(0) == 1 ? 1 : x.size(0)) * x.size(1) * rotated,
                "cos and sin have to be [batch or 1, tokens, rotated]");
    auto c = cos.contiguous(), s = sin.contiguous();
    return needs_graph({&x}) ? Rotary::apply(x, c, s) : rotate(x, c, s, 1);
}

// ---- SwiGLU

RER_FOR_EACH_PROCESSOR
void silu_mul_row(const float* gate, const float* up, float* y, int64_t width) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) y[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

RER_FOR_EACH_PROCESSOR
void silu_mul_backward_row(const float* gate, const float* up, const float* dy, float* dgate, float* dup, int64_t width) {
#pragma omp simd
    for (int64_t i = 0; i < width; i++) {
        float s = sigmoid(gate[i]), unit = gate[i] * s;
        dgate[i] = dy[i] * up[i] * (s + unit * (1.0f - s));
        dup[i] = dy[i] * unit;
    }
}

// Rows of a tensor whose leading dimensions collapse into one, as those of a split of a wider one do.
struct Rows {
    at::Tensor tensor;
    const float* data;
    int64_t count;
    int64_t width;
    int64_t stride;

    explicit Rows(const at::Tensor& given) : tensor(collapsed(given)) {
        data = tensor.data_ptr<float>();
        width = tensor.size(-1);
        count = width == 0 ? 0 : tensor.numel() / width;
        stride = tensor.dim() > 1 ? tensor.stride(-2) : width;
    }

    const float* at(int64_t row) const { return data + row * stride; }

  private:
    static at::Tensor collapsed(const at::Tensor& given) {
        if (given.dim() == 0 || given.stride(-1) != 1) return given.contiguous();
        for (int64_t i = 0; i + 2 < given.dim(); i++)
            if (given.size(i) != 1 && given.stride(i) != given.stride(i + 1) * given.size(i + 1)) return given.contiguous();
        return given;
    }
};

at::Tensor silu_mul_forward(const at::Tensor& gate, const at::Tensor& up) {
    Rows gates(gate), ups(up);
    auto y = at::empty(gate.sizes(), gate.options());
    auto out = y.data_ptr<float>();
    at::parallel_for(0, gates.count, grain(gates.width), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++) silu_mul_row(gates.at(row), ups.at(row), out + row * gates.width, gates.width);
    });
    return y;
}

// Both gradients, side by side: [rows, 2 * width].
at::Tensor silu_mul_gradient(const at::Tensor& gate, const at::Tensor& up, const at::Tensor& given) {
    Rows gates(gate), ups(up);
    auto dy = given.contiguous();
    auto width = gates.width;
    auto both = at::empty({gates.count, 2 * width}, dy.options());
    auto grad = dy.data_ptr<float>(), out = both.data_ptr<float>();
    at::parallel_for(0, gates.count, grain(width), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++) {
            auto target = out + row * 2 * width;
            silu_mul_backward_row(gates.at(row), ups.at(row), grad + row * width, target, target + width, width);
        }
    });
    return both;
}

struct SiluMul : torch::autograd::Function<SiluMul> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gate, const at::Tensor& up) {
        context->save_for_backward({gate, up});
        return silu_mul_forward(gate, up);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto both = silu_mul_gradient(saved[0], saved[1], gradients[0]).chunk(2, -1);
        return {both[0].reshape(saved[0].sizes()), both[1].reshape(saved[1].sizes())};
    }
};

// Of a projection stacked of gate and up: one tensor in, one gradient out.
struct StackedSiluMul : torch::autograd::Function<StackedSiluMul> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& stacked) {
        context->save_for_backward({stacked});
        auto halves = stacked.chunk(2, -1);
        return silu_mul_forward(halves[0], halves[1]);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto stacked = context->get_saved_variables()[0];
        auto halves = stacked.chunk(2, -1);
        return {silu_mul_gradient(halves[0], halves[1], gradients[0]).view(stacked.sizes())};
    }
};

at::Tensor silu_mul_stacked(const at::Tensor& stacked) {
    check_floats(stacked, "the stacked projection");
    TORCH_CHECK(stacked.dim() > 0 && stacked.size(-1) % 2 == 0, "the last dimension has to be gate and up, of one width");
    if (needs_graph({&stacked})) return StackedSiluMul::apply(stacked);
    auto halves = stacked.chunk(2, -1);
    return silu_mul_forward(halves[0], halves[1]);
}

at::Tensor silu_mul(const at::Tensor& gate, const at::Tensor& up) {
    check_floats(gate, "gate");
    check_floats(up, "up");
    TORCH_CHECK(gate.dim() > 0 && gate.sizes() == up.sizes(), "gate and up have to be of one shape");
    return needs_graph({&gate, &up}) ? SiluMul::apply(gate, up) : silu_mul_forward(gate, up);
}

// ---- log-probability and entropy

RER_FOR_EACH_PROCESSOR
void log_prob_entropy_row(const float* logits, int64_t vocabulary, int64_t label, float* log_prob, float* entropy, float* log_total) {
    float largest = logits[0];
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
    }
    float log_sum = std::log(total);
    *log_prob = logits[label] - largest - log_sum;
    *entropy = log_sum - weighted / total;
    *log_total = largest + log_sum;
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

std::tuple<at::Tensor, at::Tensor, at::Tensor> log_prob_entropy_forward(const at::Tensor& logits, const at::Tensor& labels) {
    auto rows = logits.size(0), vocabulary = logits.size(1);
    auto log_probs = at::empty({rows}, logits.options()), entropy = at::empty({rows}, logits.options()), totals = at::empty({rows}, logits.options());
    auto in = logits.data_ptr<float>(), first = log_probs.data_ptr<float>(), second = entropy.data_ptr<float>(), third = totals.data_ptr<float>();
    auto label = labels.data_ptr<int64_t>();
    for (int64_t row = 0; row < rows; row++)
        TORCH_CHECK(label[row] >= 0 && label[row] < vocabulary, "label ", label[row], " of row ", row, " is outside the vocabulary of ", vocabulary);
    at::parallel_for(0, rows, grain(vocabulary), [=](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row++)
            log_prob_entropy_row(in + row * vocabulary, vocabulary, label[row], first + row, second + row, third + row);
    });
    return {log_probs, entropy, totals};
}

struct LogProbEntropy : torch::autograd::Function<LogProbEntropy> {
    static variable_list forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& labels) {
        auto [log_probs, entropy, log_totals] = log_prob_entropy_forward(logits, labels);
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
    auto [log_probs, entropy, log_totals] = log_prob_entropy_forward(rows, indices);
    return {log_probs, entropy};
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

// ---- small matrix products
//
// Attention multiplies many small matrices, for which a call into BLAS costs more than the product. These hold a tile
// of the result in registers: R rows by N vectors, over packed matrices whose rows are padded to whole vectors.

constexpr int64_t kLanes = 16;
using Vector = float __attribute__((vector_size(64), aligned(4), may_alias));

int64_t padded(int64_t count) { return (count + kLanes - 1) / kLanes * kLanes; }

template <int R, int N>
RER_INLINE void product_tile(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                             int64_t depth, bool add) {
    Vector sums[R][N];
    for (int r = 0; r < R; r++)
        for (int n = 0; n < N; n++) sums[r][n] = add ? *reinterpret_cast<const Vector*>(c + r * c_row + n * kLanes) : Vector{};
    for (int64_t k = 0; k < depth; k++) {
        Vector right[N];
        for (int n = 0; n < N; n++) right[n] = *reinterpret_cast<const Vector*>(b + k * b_row + n * kLanes);
        for (int r = 0; r < R; r++) {
            float left = a[r * a_row + k * a_column];
            for (int n = 0; n < N; n++) sums[r][n] += left * right[n];
        }
    }
    for (int r = 0; r < R; r++)
        for (int n = 0; n < N; n++) *reinterpret_cast<Vector*>(c + r * c_row + n * kLanes) = sums[r][n];
}

template <int N>
RER_INLINE void product_columns(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row,
                                int64_t rows, int64_t depth, bool add) {
    int64_t row = 0;
    for (; row + 6 <= rows; row += 6) product_tile<6, N>(a + row * a_row, a_row, a_column, b, b_row, c + row * c_row, c_row, depth, add);
    for (; row + 2 <= rows; row += 2) product_tile<2, N>(a + row * a_row, a_row, a_column, b, b_row, c + row * c_row, c_row, depth, add);
    for (; row < rows; row++) product_tile<1, N>(a + row * a_row, a_row, a_column, b, b_row, c + row * c_row, c_row, depth, add);
}

// c [rows, columns] = (add ? c : 0) + a [rows, depth] b [depth, columns]; columns is a whole number of vectors, and the
// strides of a are free, so that a transposed a needs no copy.
RER_FOR_EACH_PROCESSOR
void product(const float* a, int64_t a_row, int64_t a_column, const float* b, int64_t b_row, float* c, int64_t c_row, int64_t rows,
             int64_t columns, int64_t depth, bool add) {
    int64_t column = 0;
    for (; column + 2 * kLanes <= columns; column += 2 * kLanes)
        product_columns<2>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
    if (column < columns) product_columns<1>(a, a_row, a_column, b + column, b_row, c + column, c_row, rows, depth, add);
}

// ---- attention

// Rows [tokens, size] at a stride, packed to whole vectors with zeros behind, times a factor.
void pack_rows(const float* source, int64_t stride, int64_t tokens, int64_t size, float factor, float* target) {
    auto width = padded(size);
    for (int64_t t = 0; t < tokens; t++) {
        for (int64_t i = 0; i < size; i++) target[t * width + i] = source[t * stride + i] * factor;
        std::fill(target + t * width + size, target + (t + 1) * width, 0.0f);
    }
}

// The same, transposed: [size, padded tokens].
void pack_columns(const float* source, int64_t stride, int64_t tokens, int64_t size, float* target) {
    auto width = padded(tokens);
    for (int64_t i = 0; i < size; i++) {
        for (int64_t t = 0; t < tokens; t++) target[i * width + t] = source[t * stride + i];
        std::fill(target + i * width + tokens, target + (i + 1) * width, 0.0f);
    }
}

void unpack_rows(const float* source, int64_t tokens, int64_t size, float factor, float* target, int64_t stride) {
    auto width = padded(size);
    for (int64_t t = 0; t < tokens; t++)
        for (int64_t i = 0; i < size; i++) target[t * stride + i] = source[t * width + i] * factor;
}

// Scores [from, to) of one query become weights; the rest of [0, width) becomes 0. Returns the logarithm of their total.
// Hidden, where given, is minus infinity on keys not to be seen.
RER_FOR_EACH_PROCESSOR
float soften(float* scores, const float* hidden, int64_t from, int64_t to, int64_t width) {
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
    std::fill(scores, scores + from, 0.0f);
    std::fill(scores + to, scores + width, 0.0f);
    return largest + std::log(total);
}

// Weights again from scores and the logarithm of their total.
RER_FOR_EACH_PROCESSOR
void soften_again(float* scores, const float* hidden, float log_total, int64_t from, int64_t to, int64_t width) {
    if (hidden != nullptr) {
#pragma omp simd
        for (int64_t i = from; i < to; i++) scores[i] += hidden[i];
    }
#pragma omp simd
    for (int64_t i = from; i < to; i++) {
        float below = scores[i] - log_total;
        scores[i] = below < -87.0f ? 0.0f : exponential(below);
    }
    std::fill(scores, scores + from, 0.0f);
    std::fill(scores + to, scores + width, 0.0f);
}

// The gradient of scores from that of weights: weights * (d_weights - sum(weights * d_weights)).
RER_FOR_EACH_PROCESSOR
void soften_backward(const float* weights, float* gradient, int64_t from, int64_t to) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = from; i < to; i++) sum += weights[i] * gradient[i];
#pragma omp simd
    for (int64_t i = from; i < to; i++) gradient[i] = weights[i] * (gradient[i] - sum);
}

constexpr int64_t kQueries = 48;  // taken at a time: their scores stay in the cache

// Query, key and value as [batch, tokens, heads, size], of which each key head serves a group of query heads, and which
// keys each query sees: those up to itself, no further back than the window, and of padding none but itself.
struct AttentionShape {
    int64_t batch, tokens, heads, key_heads, group, size, width, padded_tokens, window;
    float scale;
    at::Tensor hidden;              // [batch, padded tokens]: minus infinity on padding; undefined where there is none
    std::vector<int64_t> first;     // of each row: the first token that is not padding

    AttentionShape(const at::Tensor& query, const at::Tensor& key, const OptionalTensor& mask, int64_t given_window)
        : batch(query.size(0)), tokens(query.size(1)), heads(query.size(2)), key_heads(key.size(2)), group(heads / key_heads),
          size(query.size(3)), width(padded(size)), padded_tokens(padded(tokens)), window(given_window > 0 ? given_window : tokens),
          scale(1.0f / std::sqrt(static_cast<float>(size))), first(batch, 0) {
        if (!mask.has_value() || !mask->defined()) return;
        auto seen = mask->to(at::kBool).contiguous();
        if (seen.all().item<bool>()) return;
        hidden = at::zeros({batch, padded_tokens}, query.options());
        auto data = hidden.data_ptr<float>();
        auto flags = seen.data_ptr<bool>();
        for (int64_t b = 0; b < batch; b++) {
            bool before = true;
            for (int64_t t = 0; t < tokens; t++) {
                bool visible = flags[b * tokens + t];
                if (visible && before) first[b] = t, before = false;
                if (!visible) data[b * padded_tokens + t] = -INFINITY;
            }
        }
    }

    const float* hidden_of(int64_t row) const { return hidden.defined() ? hidden.data_ptr<float>() + row * padded_tokens : nullptr; }

    // The first key that a query sees.
    int64_t from(int64_t row, int64_t query) const { return std::min(query, std::max(first[row], query - window + 1)); }

    bool is_padding(int64_t row, int64_t token) const { return hidden.defined() && hidden_of(row)[token] != 0; }
};

struct Strided {
    const float* data;
    int64_t batch, token, head;

    explicit Strided(const at::Tensor& tensor)
        : data(tensor.data_ptr<float>()), batch(tensor.stride(0)), token(tensor.stride(1)), head(tensor.stride(2)) {}

    const float* at(int64_t b, int64_t h) const { return data + b * batch + h * head; }
};

at::Tensor attention_forward(const AttentionShape& shape, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                             float* log_totals) {
    auto result = at::empty({shape.batch, shape.tokens, shape.heads * shape.size}, query.options());
    auto out = result.data_ptr<float>();
    Strided q(query), k(key), v(value);
    auto task_size = shape.tokens * shape.tokens * shape.size * shape.group;
    at::parallel_for(0, shape.batch * shape.key_heads, grain(task_size / 8), [&](int64_t begin, int64_t end) {
        auto [tokens, size, width, along] = std::make_tuple(shape.tokens, shape.size, shape.width, shape.padded_tokens);
        std::vector<float> queries(tokens * width), keys(size * along), values(tokens * width), scores(kQueries * along), mixed(kQueries * width);
        for (int64_t task = begin; task < end; task++) {
            auto row = task / shape.key_heads, key_head = task % shape.key_heads;
            pack_columns(k.at(row, key_head), k.token, tokens, size, keys.data());
            pack_rows(v.at(row, key_head), v.token, tokens, size, 1, values.data());
            for (int64_t head = key_head * shape.group; head < (key_head + 1) * shape.group; head++) {
                pack_rows(q.at(row, head), q.token, tokens, size, shape.scale, queries.data());
                for (int64_t start = 0; start < tokens; start += kQueries) {
                    auto count = std::min(kQueries, tokens - start), reach = padded(start + count);
                    auto lowest = shape.from(row, start) / kLanes * kLanes;
                    product(queries.data() + start * width, width, 1, keys.data() + lowest, along, scores.data() + lowest, along, count,
                            reach - lowest, size, false);
                    for (int64_t i = 0; i < count; i++) {
                        auto token = start + i;
                        auto total = soften(scores.data() + i * along, shape.is_padding(row, token) ? nullptr : shape.hidden_of(row),
                                            shape.is_padding(row, token) ? token : shape.from(row, token), token + 1, reach);
                        if (log_totals != nullptr) log_totals[(row * shape.heads + head) * tokens + token] = total;
                    }
                    product(scores.data() + lowest, along, 1, values.data() + lowest * width, width, mixed.data(), width, count, width,
                            std::min(tokens, reach) - lowest, false);
                    unpack_rows(mixed.data(), count, size, 1, out + ((row * tokens + start) * shape.heads + head) * size, shape.heads * size);
                }
            }
        }
    });
    return result;
}

struct CausalAttention : torch::autograd::Function<CausalAttention> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                              const OptionalTensor& mask, int64_t window) {
        AttentionShape shape(query, key, mask, window);
        auto log_totals = at::empty({shape.batch, shape.heads, shape.tokens}, query.options());
        auto result = attention_forward(shape, query, key, value, log_totals.data_ptr<float>());
        context->save_for_backward({query, key, value, mask.has_value() ? *mask : at::Tensor(), log_totals});
        context->saved_data["window"] = window;
        return result;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto &query = saved[0], &key = saved[1], &value = saved[2];
        AttentionShape shape(query, key, saved[3].defined() ? OptionalTensor(saved[3]) : OptionalTensor(),
                             context->saved_data["window"].toInt());
        auto given = gradients[0].contiguous();
        auto d_query = at::empty({shape.batch, shape.tokens, shape.heads, shape.size}, query.options());
        auto d_key = at::empty({shape.batch, shape.tokens, shape.key_heads, shape.size}, query.options());
        auto d_value = at::empty_like(d_key);
        auto gradient = given.data_ptr<float>(), log_totals = saved[4].data_ptr<float>(), dq = d_query.data_ptr<float>(),
             dk = d_key.data_ptr<float>(), dv = d_value.data_ptr<float>();
        Strided q(query), k(key), v(value);
        auto task_size = shape.tokens * shape.tokens * shape.size * shape.group;
        at::parallel_for(0, shape.batch * shape.key_heads, grain(task_size / 8), [&](int64_t begin, int64_t end) {
            auto [tokens, size, width, along] = std::make_tuple(shape.tokens, shape.size, shape.width, shape.padded_tokens);
            auto block = kQueries * along;
            std::vector<float> queries(tokens * width), key_columns(size * along), key_rows(tokens * width), value_columns(size * along),
                out(tokens * width), weights(block), d_weights(block), mixed(kQueries * width), key_sums(tokens * width), value_sums(tokens * width);
            for (int64_t task = begin; task < end; task++) {
                auto row = task / shape.key_heads, key_head = task % shape.key_heads;
                pack_columns(k.at(row, key_head), k.token, tokens, size, key_columns.data());
                pack_rows(k.at(row, key_head), k.token, tokens, size, 1, key_rows.data());
                pack_columns(v.at(row, key_head), v.token, tokens, size, value_columns.data());
                std::fill(key_sums.begin(), key_sums.end(), 0.0f);
                std::fill(value_sums.begin(), value_sums.end(), 0.0f);
                for (int64_t head = key_head * shape.group; head < (key_head + 1) * shape.group; head++) {
                    pack_rows(q.at(row, head), q.token, tokens, size, shape.scale, queries.data());
                    pack_rows(gradient + row * tokens * shape.heads * size + head * size, shape.heads * size, tokens, size, 1, out.data());
                    for (int64_t start = 0; start < tokens; start += kQueries) {
                        auto count = std::min(kQueries, tokens - start), reach = padded(start + count);
                        auto lowest = shape.from(row, start) / kLanes * kLanes, depth = std::min(tokens, reach) - lowest;
                        auto w = weights.data() + lowest, dw = d_weights.data() + lowest;
                        product(queries.data() + start * width, width, 1, key_columns.data() + lowest, along, w, along, count, reach - lowest, size, false);
                        product(out.data() + start * width, width, 1, value_columns.data() + lowest, along, dw, along, count, reach - lowest, size, false);
                        for (int64_t i = 0; i < count; i++) {
                            auto token = start + i;
                            auto padding = shape.is_padding(row, token);
                            auto from = padding ? token : shape.from(row, token);
                            soften_again(weights.data() + i * along, padding ? nullptr : shape.hidden_of(row),
                                         log_totals[(row * shape.heads + head) * tokens + token], from, token + 1, reach);
                            soften_backward(weights.data() + i * along, d_weights.data() + i * along, from, token + 1);
                            std::fill(d_weights.begin() + i * along + lowest, d_weights.begin() + i * along + from, 0.0f);
                            std::fill(d_weights.begin() + i * along + token + 1, d_weights.begin() + i * along + reach, 0.0f);
                        }
                        product(w, 1, along, out.data() + start * width, width, value_sums.data() + lowest * width, width, depth, width, count, true);
                        product(dw, 1, along, queries.data() + start * width, width, key_sums.data() + lowest * width, width, depth, width, count, true);
                        product(dw, along, 1, key_rows.data() + lowest * width, width, mixed.data(), width, count, width, depth, false);
                        unpack_rows(mixed.data(), count, size, shape.scale, dq + ((row * tokens + start) * shape.heads + head) * size, shape.heads * size);
                    }
                }
                auto place = (row * tokens * shape.key_heads + key_head) * size;
                unpack_rows(key_sums.data(), tokens, size, 1, dk + place, shape.key_heads * size);
                unpack_rows(value_sums.data(), tokens, size, 1, dv + place, shape.key_heads * size);
            }
        });
        return {d_query, d_key, d_value, at::Tensor(), at::Tensor()};
    }
};

at::Tensor causal_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const OptionalTensor& mask,
                            int64_t window) {
    for (auto [tensor, name] : {std::make_pair(&query, "query"), std::make_pair(&key, "key"), std::make_pair(&value, "value")}) {
        check_floats(*tensor, name);
        TORCH_CHECK(tensor->dim() == 4, name, " has to be [batch, tokens, heads, head size]");
    }
    TORCH_CHECK(key.sizes() == value.sizes() && key.size(0) == query.size(0) && key.size(1) == query.size(1) && key.size(3) == query.size(3),
                "query, key and value do not fit together");
    TORCH_CHECK(key.size(2) > 0 && query.size(2) % key.size(2) == 0, "each key head has to serve as many query heads as the others");
    TORCH_CHECK(!mask.has_value() || (mask->dim() == 2 && mask->size(0) == query.size(0) && mask->size(1) == query.size(1)),
                "the mask has to be [batch, tokens]");
    auto q = with_dense_rows(query), k = with_dense_rows(key), v = with_dense_rows(value);
    if (needs_graph({&query, &key, &value})) return CausalAttention::apply(q, k, v, mask, window);
    return attention_forward(AttentionShape(q, k, mask, window), q, k, v, nullptr);
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

at::Tensor decode_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, at::Tensor keys, at::Tensor values,
                            const at::Tensor& starts, int64_t filled, int64_t window) {
    for (auto [tensor, name] : {std::make_pair(&query, "query"), std::make_pair(&key, "key"), std::make_pair(&value, "value")}) {
        check_floats(*tensor, name);
        TORCH_CHECK(tensor->dim() == 4 && tensor->size(1) == 1, name, " has to be [rows, 1, heads, head size]");
    }
    check_floats(keys, "keys");
    check_floats(values, "values");
    auto rows = query.size(0), heads = query.size(2), size = query.size(3), key_heads = key.size(2), places = keys.size(2);
    TORCH_CHECK(keys.is_contiguous() && values.is_contiguous() && keys.sizes() == values.sizes() && keys.dim() == 4 &&
                    keys.size(0) >= rows && keys.size(1) == key_heads && keys.size(3) == size && key.sizes() == value.sizes() &&
                    heads % key_heads == 0,
                "the cache has to be contiguous [at least rows, key heads, places, head size], of the heads that the query and key have");
    TORCH_CHECK(filled >= 0 && filled < places, "the cache has ", places, " places; ", filled, " are filled");
    TORCH_CHECK(starts.scalar_type() == at::kLong && starts.is_contiguous() && starts.numel() == rows, "starts have to be int64 [rows]");
    auto q = with_dense_rows(query), k = with_dense_rows(key), v = with_dense_rows(value);
    auto result = at::empty({rows, 1, heads * size}, query.options());
    auto group = heads / key_heads, to = filled + 1;
    auto out = result.data_ptr<float>(), key_cache = keys.data_ptr<float>(), value_cache = values.data_ptr<float>();
    auto first = starts.data_ptr<int64_t>();
    Strided from_query(q), from_key(k), from_value(v);
    auto scale = 1.0f / std::sqrt(static_cast<float>(size));
    at::parallel_for(0, rows * key_heads, grain(2 * to * size * group), [&](int64_t begin, int64_t end) {
        std::vector<float> scores(to);
        for (int64_t task = begin; task < end; task++) {
            auto row = task / key_heads, key_head = task % key_heads;
            auto own_keys = key_cache + task * places * size, own_values = value_cache + task * places * size;
            std::memcpy(own_keys + filled * size, from_key.at(row, key_head), size * sizeof(float));
            std::memcpy(own_values + filled * size, from_value.at(row, key_head), size * sizeof(float));
            auto from = std::max(first[row], window > 0 ? to - window : 0);
            for (int64_t head = key_head * group; head < (key_head + 1) * group; head++)
                attend_cached(from_query.at(row, head), own_keys, own_values, scores.data(), out + (row * heads + head) * size, from, to, size, scale);
        }
    });
    return result;
}

}  // namespace

TORCH_LIBRARY(rer, library) {
    library.def("rms_norm(Tensor x, Tensor weight, float epsilon) -> Tensor", &rms_norm);
    library.def("rotary(Tensor x, Tensor cos, Tensor sin) -> Tensor", &rotary);
    library.def("silu_mul(Tensor gate, Tensor up) -> Tensor", &silu_mul);
    library.def("silu_mul_stacked(Tensor stacked) -> Tensor", &silu_mul_stacked);
    library.def("log_prob_entropy(Tensor logits, Tensor labels) -> (Tensor, Tensor)", &log_prob_entropy);
    library.def("sample(Tensor logits, Tensor uniforms, float temperature, int top_k, float top_p) -> Tensor", &sample);
    library.def("causal_attention(Tensor query, Tensor key, Tensor value, Tensor? mask, int window) -> Tensor", &causal_attention);
    library.def(
        "decode_attention(Tensor query, Tensor key, Tensor value, Tensor(a!) keys, Tensor(b!) values, Tensor starts, int filled, "
        "int window) -> Tensor",
        &decode_attention);
    library.def(
        "adam_(Tensor[] parameters, Tensor[] gradients, Tensor[] firsts, Tensor[] seconds, int step, float learning_rate, "
        "float beta1, float beta2, float epsilon, float weight_decay) -> ()",
        &adam_);
}
