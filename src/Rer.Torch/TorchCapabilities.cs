namespace Rer.Torch;

/// <summary>
/// What the binding of this repository can do beyond TorchSharp. Each property is null where that is not here: all of
/// them when the engine is built on the TorchSharp package, some by the libtorch at hand. Callers have a plain path for each.
/// </summary>
public static partial class TorchCapabilities
{
    static TorchCapabilities() => Provide();

    /// <summary>Any operator by its name.</summary>
    public static IDispatcher? Dispatcher { get; private set; }

    /// <summary>Counts of live tensors and of device memory.</summary>
    public static IMemoryStatistics? Memory { get; private set; }

    /// <summary>Tensors over memory that is not libtorch's, such as a mapped file.</summary>
    public static ITensorMemory? TensorMemory { get; private set; }

    /// <summary>An optimiser step over many parameters in one call.</summary>
    public static IFusedOptimiser? Optimiser { get; private set; }

    /// <summary>Device work recorded once and replayed; null without CUDA.</summary>
    public static ICudaGraphs? CudaGraphs { get; private set; }

    /// <summary>Kernels that do in one pass what several operators do in as many.</summary>
    public static IFusedKernels? Fused { get; private set; }

    /// <summary>Work shared out over libtorch's own threads.</summary>
    public static IThreadTeam? Team { get; private set; }

    /// <summary>Which libtorch runs, for a log: its version, devices, threads.</summary>
    public static string Description { get; private set; } = "the TorchSharp package";

    // Implemented where the binding is compiled in; without it the call vanishes and every property stays null.
    static partial void Provide();
}
