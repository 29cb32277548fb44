using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd;

/// <summary>Adam over memory, in one pass.</summary>
internal static unsafe class AdamUpdate
{
    /// <summary>Changes parameter and moments in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* parameter, float* gradient, float* first, float* second, long length, AdamStep step)
    {
        float keep1 = (float)step.Beta1, take1 = (float)(1 - step.Beta1), keep2 = (float)step.Beta2, take2 = (float)(1 - step.Beta2);
        float size = (float)(step.LearningRate / step.Correction1), root = (float)step.Correction2, epsilon = (float)step.Epsilon;
        var (keeps1, takes1, keeps2, takes2) =
            (Vector512.Create(keep1), Vector512.Create(take1), Vector512.Create(keep2), Vector512.Create(take2));
        var (sizes, roots, epsilons) = (Vector512.Create(-size), Vector512.Create(root), Vector512.Create(epsilon));
        long i = 0;
        for (; i + Lanes <= length; i += Lanes)
        {
            var g = Vector512.Load(gradient + i);
            var m = Vector512.FusedMultiplyAdd(Vector512.Load(first + i), keeps1, g * takes1);
            var v = Vector512.FusedMultiplyAdd(Vector512.Load(second + i), keeps2, g * g * takes2);
            m.Store(first + i);
            v.Store(second + i);
            var direction = m / ((Vector512.Sqrt(v) / roots) + epsilons);
            Vector512.FusedMultiplyAdd(sizes, direction, Vector512.Load(parameter + i)).Store(parameter + i);
        }
        for (; i < length; i++)
        {
            first[i] = (first[i] * keep1) + (gradient[i] * take1);
            second[i] = (second[i] * keep2) + (gradient[i] * gradient[i] * take2);
            parameter[i] -= size * (first[i] / ((MathF.Sqrt(second[i]) / root) + epsilon));
        }
    }
}
