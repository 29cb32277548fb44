using System.Globalization;
using Rer.Engine.Models.Architectures;

namespace Rer.Engine.Gold;

/// <summary>The outputs of a classifier's head by name, and which of them is the reward.</summary>
internal static class RewardLabels
{
    /// <summary>The row of the head that is the reward.</summary>
    /// <param name="folder">The model's folder, whose config.json may name the rows in `id2label`.</param>
    /// <param name="count">Rows of the head.</param>
    /// <param name="label">A name or a number from 0; null where there is but one.</param>
    /// <exception cref="InvalidDataException">The head has several rows and none is named, or no row has that name.</exception>
    public static int Index(string folder, long count, string? label)
    {
        if (label is null && count == 1) return 0;
        var names = Names(folder, count);
        var index = label is null ? -1 : Array.FindIndex(names, name => name.Equals(label, StringComparison.OrdinalIgnoreCase));
        if (index < 0 && int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < count)
            index = number;
        return index >= 0 ? index : throw new InvalidDataException(
            $"{folder}: the head gives {count} values: {string.Join(", ", names)}. "
                + $"{(label is null ? "Name the one that is the reward" : $"'{label}' is none of them; name one")}: "
                + $"{folder},label={names[^1]}.");
    }

    private static string[] Names(string folder, long count)
    {
        var names = Enumerable.Range(0, (int)count).Select(i => $"LABEL_{i}").ToArray();
        if (ConfigFields.Read(Path.Combine(folder, "config.json")).Section("id2label") is not { } labels) return names;
        foreach (var label in labels.Names)
        {
            if (int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < count) names[i] = labels.Raw(
                label)?.Trim('"') ?? names[i];
        }
        return names;
    }
}
