using Rer.Engine.Data;

namespace Rer.Engine.Gold;

/// <summary>The black-box judge that the proxy tries to imitate; PPO never sees it.</summary>
public interface IGoldRewardModel : IDisposable
{
    /// <summary>Short name for plans and charts.</summary>
    string Name { get; }

    /// <summary>One reward for each query and response, in order.</summary>
    /// <exception cref="InvalidDataException">The model returned NaN or infinity; the message names the item.</exception>
    double[] Score(IReadOnlyList<GoldItem> items, CancellationToken cancellation = default);
}
