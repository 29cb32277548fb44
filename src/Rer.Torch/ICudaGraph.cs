namespace Rer.Torch;

/// <summary>Recorded device work.</summary>
public interface ICudaGraph : IDisposable
{
    /// <summary>Queues all of it on the current stream.</summary>
    /// <exception cref="TorchException">The device refused.</exception>
    void Replay();
}
