using Rer.Engine.Input;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>One tensor of a safetensors file, as its header declares it.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">The format's name for the element type: `F32`, `BF16`, ...</param>
/// <param name="Shape">Dimensions; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte, counted from the end of the header.</param>
public sealed record SafetensorsEntry(string Name, string DType, IReadOnlyList<long> Shape, long Begin, long End)
{
    private static readonly Dictionary<string, (int Bytes, ScalarType? Type)> Types = new()
    {
        ["F64"] = (8, ScalarType.Float64),
        ["F32"] = (4, ScalarType.Float32),
        ["F16"] = (2, ScalarType.Float16),
        ["BF16"] = (2, ScalarType.BFloat16),
        ["I64"] = (8, ScalarType.Int64),
        ["I32"] = (4, ScalarType.Int32),
        ["I16"] = (2, ScalarType.Int16),
        ["I8"] = (1, ScalarType.Int8),
        ["U8"] = (1, ScalarType.Byte),
        ["BOOL"] = (1, ScalarType.Bool),
        ["U64"] = (8, null),
        ["U32"] = (4, null),
        ["U16"] = (2, null),
        ["F8_E5M2"] = (1, null),
        ["F8_E4M3"] = (1, null),
    };

    /// <summary>Elements in the tensor.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Bytes an element, or null where the format has no such type.</summary>
    internal int? ElementSize => Types.TryGetValue(DType, out var type) ? type.Bytes : null;

    /// <summary>The tensor library's type, or null where it has no such type.</summary>
    internal ScalarType? Element => Types.TryGetValue(DType, out var type) ? type.Type : null;

    /// <summary>The format's name for <paramref name="type"/>.</summary>
    /// <exception cref="NotSupportedException">The format has no such type.</exception>
    internal static string NameOf(ScalarType type)
    {
        foreach (var (name, (_, known)) in Types)
            if (known == type) return name;
        throw new NotSupportedException($"safetensors holds no tensors of type {type}; one of {string.Join(", ", Types.Keys)} is needed.");
    }

    /// <summary>`[64, 64]`, as messages write a shape.</summary>
    internal static string Describe(IEnumerable<long> shape) => Excerpt.Of($"[{string.Join(", ", shape)}]");
}
