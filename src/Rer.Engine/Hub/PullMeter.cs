namespace Rer.Engine.Hub;

/// <summary>Counts a pull's bytes and tells of it a few times per second.</summary>
internal sealed class PullMeter(IProgress<PullProgress>? progress, TimeProvider time, int allFiles, long allBytes)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    private readonly TransferRate _rate = new(time);
    private string _file = "";
    private int _files;
    private long _told;

    /// <summary>Bytes here.</summary>
    public long Bytes { get; private set; }

    /// <summary>A file is on its way, some bytes of which may be here from an earlier attempt.</summary>
    public void Begin(string file) => Tell(_file = file);

    /// <summary>A file is whole and checked.</summary>
    public void End()
    {
        _files++;
        Tell(_file = "");
    }

    /// <summary>Bytes that are here without having been received now, or, negative, that were thrown away.</summary>
    public void Keep(long bytes) => Bytes += bytes;

    /// <summary>Bytes came.</summary>
    public void Receive(long bytes)
    {
        Bytes += bytes;
        _rate.Add(bytes);
        if (time.GetElapsedTime(_told) >= _interval) Tell(_file);
    }

    /// <summary>A transfer ended, for now or for good: what came since the last word is told too.</summary>
    public void Pause() => Tell(_file);

    /// <summary>Says what is in the way.</summary>
    public void Note(string note) => Tell(_file, note);

    private void Tell(string file, string? note = null)
    {
        _told = time.GetTimestamp();
        var rate = _rate.BytesPerSecond;
        progress?.Report(new PullProgress(
            file, _files, allFiles, Bytes, allBytes, rate,
            rate > 0 && allBytes >= Bytes ? TimeSpan.FromSeconds((allBytes - Bytes) / rate) : null, note));
    }
}
