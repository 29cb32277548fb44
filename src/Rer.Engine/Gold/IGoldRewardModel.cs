namespace Rer.Engine.Gold;

/// <summary>The black-box judge that the proxy tries to imitate; PPO never sees it.</summary>
public interface IGoldRewardModel : IDisposable
{
    /// <summary>Short name for plans and charts.</summary>
    string Name { get; }

    /// <summary>One judgement for each query and response, in order: its reward, and whether the model read all of it.</summary>
    /// <exception cref="InvalidDataException">The model returned NaN or infinity; the message names the item.</exception>
    GoldScore[] Judge(IReadOnlyList<GoldItem> items, CancellationToken cancellation = default);
}
