using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

/// <summary>
/// Calls operators by their schema's name, such as <c>add.Tensor</c>; a name without a namespace is of <c>aten</c>.
/// Arguments come in the schema's order, keyword-only ones included; the schema's defaults stand for those left off the end.
/// </summary>
internal static unsafe class Aten
{
    private const int ScratchOnStack = 32;
    private const int ResultsOnStack = 8;

    private static readonly ConcurrentDictionary<string, nint> Operators = new(StringComparer.Ordinal);

    /// <summary>Whether this libtorch knows the operator.</summary>
    internal static bool Has(string name) => Find(name) != 0;

    /// <summary>Calls an operator that returns one tensor.</summary>
    internal static Tensor One(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Expect(name, Invoke(name, arguments, &result, 1), 1);
        return TensorOf(name, result);
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    internal static (Tensor First, Tensor Second) Two(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeArgument[2];
        Expect(name, Invoke(name, arguments, results, 2), 2);
        return (TensorOf(name, results[0]), TensorOf(name, results[1]));
    }

    /// <summary>Calls an operator that returns three tensors.</summary>
    internal static (Tensor First, Tensor Second, Tensor Third) Three(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeArgument[3];
        Expect(name, Invoke(name, arguments, results, 3), 3);
        return (TensorOf(name, results[0]), TensorOf(name, results[1]), TensorOf(name, results[2]));
    }

    /// <summary>Calls an operator that returns a list of tensors, or several.</summary>
    internal static Tensor[] Many(string name, params ReadOnlySpan<Argument> arguments)
    {
        var onStack = stackalloc NativeArgument[ResultsOnStack];
        var count = Invoke(name, arguments, onStack, ResultsOnStack);
        var tensors = new Tensor[count];
        if (count <= ResultsOnStack)
        {
            for (var i = 0; i < count; i++) tensors[i] = TensorOf(name, onStack[i]);
            return tensors;
        }
        var results = new NativeArgument[count];
        fixed (NativeArgument* first = results) Native.rer_take_results(first);
        for (var i = 0; i < count; i++) tensors[i] = TensorOf(name, results[i]);
        return tensors;
    }

    /// <summary>Calls an in-place operator and returns its first argument.</summary>
    internal static Tensor InPlace(string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, null, -1);
        return (Tensor)arguments[0].Owner!;
    }

    /// <summary>Calls an operator for what it does, not for what it returns.</summary>
    internal static void Do(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, null, -1);

    /// <summary>Calls an operator that returns a number or a truth value.</summary>
    internal static NativeArgument Value(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeArgument result;
        Expect(name, Invoke(name, arguments, &result, 1), 1);
        return result;
    }

    [SkipLocalsInit]
    private static int Invoke(string name, ReadOnlySpan<Argument> arguments, NativeArgument* results, int capacity)
    {
        var op = Find(name);
        if (op == 0) throw new TorchException($"{name}: libtorch {torch_version()} has no such operator.");
        var native = stackalloc NativeArgument[arguments.Length];
        var words = 0;
        foreach (ref readonly var argument in arguments) words += argument.ScratchWords;
        int count;
        if (words <= ScratchOnStack)
        {
            var scratch = stackalloc long[ScratchOnStack];
            count = Write(op, arguments, native, scratch, results, capacity);
        }
        else
        {
            fixed (long* scratch = new long[words]) count = Write(op, arguments, native, scratch, results, capacity);
        }
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Owner);
        return count < 0 ? throw Native.LastError() : count;
    }

    private static int Write(
        nint op, ReadOnlySpan<Argument> arguments, NativeArgument* native, long* scratch, NativeArgument* results, int capacity)
    {
        for (var i = 0; i < arguments.Length; i++) scratch = arguments[i].Write(native + i, scratch);
        return Native.rer_call(op, native, arguments.Length, results, capacity);
    }

    private static nint Find(string name)
    {
        if (Operators.TryGetValue(name, out var found)) return found;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var baseName = dot < 0 ? name : name[..dot];
        var qualified = baseName.Contains("::", StringComparison.Ordinal) ? baseName : "aten::" + baseName;
        found = Native.rer_operator(qualified, dot < 0 ? "" : name[(dot + 1)..]);
        return Operators[name] = found;
    }

    private static string torch_version() => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)Native.rer_torch_version())!;

    private static void Expect(string name, int count, int expected)
    {
        if (count != expected) throw new TorchException($"{name}: returned {count} results where {expected} were expected.");
    }

    private static Tensor TensorOf(string name, NativeArgument result) => result.Tag == ArgumentTag.Tensor && result.Pointer != 0
        ? new Tensor(result.Pointer)
        : throw new TorchException($"{name}: returned no tensor.");
}
