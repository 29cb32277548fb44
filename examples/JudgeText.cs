using Rer.Engine.Gold;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using TorchSharp;

namespace Rer.Examples;

/// <summary>Asks a gold reward model about a response, and about every beginning of it.</summary>
internal static class JudgeText
{
    /// <param name="query">The query.</param>
    /// <param name="response">What answers it.</param>
    /// <param name="output">The reward, then a line per token.</param>
    public static void Run(string query, string response, TextWriter output)
    {
        var playground = PlaygroundPlans.Find() ?? throw new DirectoryNotFoundException("data/playground is in no folder above this one.");
        var plan = playground.Plan(RewardDesign.Parse("LI"));

        // Any folder in Hugging Face layout with a reward model goes the same way.
        using var gold = GoldRewardModels.Load(plan.Gold!, torch.CPU);
        var item = new GoldItem(query, response);
        output.WriteLine($"{gold.Name}: {gold.Judge([item])[0].Reward:f3}");
        if (gold is not CheckpointGold checkpoint) return;
        foreach (var prefix in checkpoint.PrefixRewards(item)) output.WriteLine($"{prefix.Reward,8:f3}  {prefix.Token}");
    }
}
