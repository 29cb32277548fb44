using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>
/// Functions that libtorch's own library exports beside its operators: MKL's product and OpenMP's team. Linux's builds do; elsewhere
/// they are null, and callers take operators and .NET threads.
/// </summary>
internal static unsafe class LibtorchSymbols
{
    static LibtorchSymbols()
    {
        // Before the first operator libtorch is not loaded; afterwards the loader knows it by its name, wherever it lies.
        using (empty(1))
        {
            if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libtorch_cpu.so", out var library)) return;
            if (NativeLibrary.TryGetExport(library, "sgemm_", out var sgemm))
                Sgemm = (delegate* unmanaged<
                    byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void>)sgemm;
            if (!NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel)
                || !NativeLibrary.TryGetExport(library, "omp_in_parallel", out var inParallel)) return;
            Parallel = (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)parallel;
            InParallel = (delegate* unmanaged[Cdecl, SuppressGCTransition]<int>)inParallel;
        }
    }

    /// <summary>BLAS's `sgemm`, column by column, by Fortran's convention; null where it is not exported.</summary>
    public static delegate* unmanaged<
        byte*, byte*, int*, int*, int*, float*, float*, int*, float*, int*, float*, float*, int*, void> Sgemm
    { get; }

    /// <summary>OpenMP's team: calls a function on every thread of it; null where it is not exported.</summary>
    public static delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> Parallel { get; }

    /// <summary>Whether the calling thread is one of a team at work; null where <see cref="Parallel"/> is.</summary>
    public static delegate* unmanaged[Cdecl, SuppressGCTransition]<int> InParallel { get; }

    /// <summary>Which way products and threads take, for a log.</summary>
    public static string Description =>
        $"{(Sgemm == null ? "products by operators" : "products by libtorch's sgemm")}, "
            + $"{(Parallel == null ? ".NET threads" : "libtorch's threads")}";
}
