
namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Shape, element type and device, as in <c>[2x3], type = Float32, device = cpu</c>.</summary>
        public override string ToString()
        {
            if (IsInvalid) return "[disposed]";
            return $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
        }
    }
}
