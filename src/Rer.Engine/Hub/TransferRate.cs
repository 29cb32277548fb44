namespace Rer.Engine.Hub;

/// <summary>Bytes a second over the last seconds: steady enough to read, quick to follow a connection that changes.</summary>
internal sealed class TransferRate(TimeProvider time)
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Time, long Bytes)> _samples = [];
    private long _bytes;

    /// <summary>Takes note of bytes received.</summary>
    public void Add(long bytes)
    {
        _bytes += bytes;
        var now = time.GetTimestamp();
        _samples.Enqueue((now, _bytes));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().Time, now) > _window) _samples.Dequeue();
    }

    /// <summary>The rate; 0 before two samples are apart.</summary>
    public double BytesPerSecond
    {
        get
        {
            if (_samples.Count < 2) return 0;
            var (start, bytes) = _samples.Peek();
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            return seconds <= 0 ? 0 : (_bytes - bytes) / seconds;
        }
    }
}
