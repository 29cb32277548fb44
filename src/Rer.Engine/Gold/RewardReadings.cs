namespace Rer.Engine.Gold;

/// <summary>The rules of <see cref="RewardReading"/>.</summary>
internal static class RewardReadings
{
    /// <summary>A sequence's reward from those at its positions.</summary>
    /// <param name="reading">The rule.</param>
    /// <param name="ids">The sequence, without padding.</param>
    /// <param name="rewards">The head's output at each position, at least as many.</param>
    /// <param name="padId">The padding id, or null where the model has none.</param>
    public static double Score(this RewardReading reading, ReadOnlySpan<int> ids, ReadOnlySpan<float> rewards, int? padId)
    {
        if (reading != RewardReading.Mean) return rewards[reading.PositionIn(ids, padId)];
        var sum = 0.0;
        foreach (var reward in rewards[..ids.Length]) sum += reward;
        return sum / ids.Length;
    }

    /// <summary>The position that the reward is read at; under <see cref="RewardReading.Mean"/> the last.</summary>
    /// <param name="reading">The rule.</param>
    /// <param name="ids">The sequence, without padding.</param>
    /// <param name="padId">The padding id, or null where the model has none.</param>
    public static int PositionIn(this RewardReading reading, ReadOnlySpan<int> ids, int? padId)
    {
        var last = ids.Length - 1;
        if (padId is not { } pad) return last;
        return reading switch
        {
            RewardReading.LastNotPadding => Math.Max(0, ids.LastIndexOfAnyExcept(pad)),
            RewardReading.BeforeFirstPadding => ids.IndexOf(pad) is var first and > 0 ? first - 1 : last,
            _ => last,
        };
    }
}
