namespace Rer.Torch;

/// <summary>Device work recorded once and replayed without the cost of launching it piece by piece.</summary>
public interface ICudaGraphs
{
    /// <summary>
    /// Records what <paramref name="body"/> asks of the device, without running it. It must not read a result back, and
    /// must have run at least once before, so that what libtorch sets up on first use is set up. Tensors it reads keep
    /// their memory: write new values into them with <c>copy_</c>. Tensors it makes hold the results after each replay,
    /// and have to live as long as the graph.
    /// </summary>
    /// <exception cref="TorchException">There is no CUDA here, or the body did what cannot be recorded.</exception>
    ICudaGraph Record(Action body);
}
