using System.Globalization;

namespace Rer.Engine.Runs.Measuring;

/// <summary>How long this program's threads waited for a processor that others had, beside how long they had one.</summary>
internal sealed class ProcessorWait
{
    private readonly double _waited = Waited();
    private readonly TimeSpan _worked = Environment.CpuUsage.TotalTime;

    private ProcessorWait()
    {
    }

    /// <summary>
    /// Share of the time since the start that threads which could have worked waited, in [0, 1]; 0 where the system does not tell.
    /// </summary>
    public double Share
    {
        get
        {
            var waited = Math.Max(0, Waited() - _waited); // threads that ended take their waits with them
            var worked = (Environment.CpuUsage.TotalTime - _worked).TotalSeconds;
            return waited > 0 ? waited / (waited + worked) : 0;
        }
    }

    /// <summary>Starts to count.</summary>
    public static ProcessorWait Start() => new();

    /// <summary>Seconds that the threads alive have waited: the second figure of Linux's `schedstat`, in nanoseconds.</summary>
    private static double Waited()
    {
        const string Threads = "/proc/self/task";
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Threads)) return 0;
        return Directory.EnumerateDirectories(Threads).Sum(thread =>
        {
            try
            {
                var fields = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
                return fields.Length > 1 ? double.Parse(fields[1], CultureInfo.InvariantCulture) / 1e9 : 0;
            }
            catch (IOException)
            {
                return 0; // it ended, or the kernel keeps no such figures
            }
        });
    }
}
