using System.Text.Json;
using Rer.Engine.Runs.Events;

namespace Rer.Engine.Runs.Measuring;

/// <summary>
/// A measurement beside the store: `measurements/KEY.json`. It says something of the machine, not of a run, and may be deleted at any time.
/// </summary>
internal static class MeasurementFile
{
    /// <summary>The measurement of plans with a key; null where there is none that can be read.</summary>
    public static PlanMeasurement? Read(string store, string key)
    {
        try
        {
            return JsonSerializer.Deserialize<PlanMeasurement>(File.ReadAllText(PathOf(store, key)), RunJson.Compact);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // It can be taken again in seconds; a page must not fail for it.
            return null;
        }
    }

    /// <summary>Puts a measurement in the place of an earlier one.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string store, string key, PlanMeasurement measurement)
    {
        var path = PathOf(store, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Whoever reads meanwhile sees the old file or the new one, never half of one.
        var written = path + "." + Guid.NewGuid().ToString("n");
        File.WriteAllText(written, JsonSerializer.Serialize(measurement, RunJson.Indented));
        File.Move(written, path, overwrite: true);
    }

    private static string PathOf(string store, string key) => Path.Combine(store, "measurements", key + ".json");
}
