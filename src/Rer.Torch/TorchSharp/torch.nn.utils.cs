using Rer.Torch.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class utils
        {
            /// <summary>Scales the gradients, together, to a norm of at most <paramref name="max_norm"/>; returns the norm they had.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var recording = no_grad();
                using var scope = NewDisposeScope();
                var gradients = tensors.Select(static parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (gradients.Length == 0) return 0;
                var norms = Array.ConvertAll(gradients, gradient => linalg.vector_norm(gradient, norm_type));
                var total = linalg.vector_norm(stack(norms), norm_type).ToDouble();
                var factor = max_norm / (total + 1e-6);
                if (factor < 1) Array.ForEach(gradients, gradient => gradient.mul_(factor));
                return total;
            }
        }
    }
}
