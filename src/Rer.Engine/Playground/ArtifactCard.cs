using System.Globalization;
using System.Text;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Playground;

/// <summary>The cards of the playground's models: what they are, how they were made, held-out figures.</summary>
internal static class ArtifactCard
{
    /// <summary>The policy's card.</summary>
    public static string Policy(PlaygroundBuildOptions options, long parameters, double heldOutLoss, IReadOnlyList<PolicySample> samples)
    {
        var card = new StringBuilder();
        card.Append("# Policy of the playground\n\n");
        card.Append(CultureInfo.InvariantCulture,
            $"A Llama of {parameters:n0} parameters ({options.Layers} layers, width {options.HiddenSize}), float16 safetensors, byte-level "
                + $"BPE. ");
        card.Append(
            "It speaks the small English of the playground's world and nothing else: a miniature, to see methods work in minutes.\n\n");
        card.Append("## Recipe\n");
        card.Append(CultureInfo.InvariantCulture,
            $"Random weights (seed {options.Seed}), {options.Policy.Steps:n0} updates of {options.Policy.TokensPerBatch:n0} tokens on "
                + $"answers alone, Adam, peak learning rate {options.Policy.LearningRate:g2}, ");
        card.Append(CultureInfo.InvariantCulture,
            $"warm-up and half a cosine, {options.Threads} thread(s). Every example is drawn anew: a query about any inhabitant and an "
                + $"answer of mixed quality ");
        card.Append(
            "(padded, repeating, off the topic, false, ... about four in ten), so that there is room to improve. Prompt template "
                + "`newline`.\n");
        card.Append("Rebuild: `rer playground build`.\n\n");
        card.Append("## Held-out figures\n");
        card.Append(CultureInfo.InvariantCulture,
            $"Loss on {PlaygroundBuild.HeldOutAnswers:n0} fresh answers of the mix: {heldOutLoss:f3} nats per token. Two samples at "
                + $"temperature 1 for each evaluation query:\n\n");
        card.Append("| queries | rubric, mean | tokens, mean | ended by EOS |\n|---|---|---|---|\n");
        foreach (var type in samples.GroupBy(sample => sample.Query.QueryType).OrderBy(group => group.Key))
            card.Append(CultureInfo.InvariantCulture,
                $"| {type.Key.Title()} | {type.Average(s => s.Score):f2} | {type.Average(s => s.Tokens):f1} | "
                    + $"{type.Average(s => s.EndedWithEos ? 1.0 : 0):p0} |\n");
        return card.ToString();
    }

    /// <summary>The gold reward model's card.</summary>
    public static string Gold(
        PlaygroundBuildOptions options, IReadOnlyDictionary<string, double> accuracy, IReadOnlyDictionary<string, double> accuracyByTask,
        IReadOnlyList<PolicySample> samples, IReadOnlyList<double> rewards)
    {
        var card = new StringBuilder();
        card.Append("# Gold reward model of the playground\n\n");
        card.Append(
            "A Llama of the policy's shape with a score head (`LlamaForSequenceClassification`, one label), float16 safetensors. It is the "
                + "judge that PPO never sees.\n\n");
        card.Append("## Recipe\n");
        card.Append(CultureInfo.InvariantCulture,
            $"A backbone of its own, trained as the policy is for {options.GoldBackbone.Steps:n0} updates, then {options.Gold.Steps:n0} "
                + $"updates of {options.Gold.TokensPerBatch:n0} tokens with the Bradley-Terry loss, Adam, peak learning rate "
                + $"{options.Gold.LearningRate:g2}, {options.Threads} thread(s). ");
        card.Append(
            "Every ranking is drawn anew, of answers of the supervised mix, composed at random or (a quarter) sampled from the policy. "
                + "Three in four closed-ended rankings hold eight answers by their first sentence alone; ");
        card.Append(
            "the other rankings hold four answers, each with its own beginnings, sentence by sentence. A hidden rubric (correctness, "
                + "topicality, specificity with saturation, fluency, padding) chooses the better of each pair, ");
        card.Append(CultureInfo.InvariantCulture,
            $"for which as many annotators are as sigmoid({PreferenceSource.Sharpness} gap) says. Its code and data hold no length "
                + $"incentive, repetition penalty or relevance feature. ");
        card.Append(
            "A unit of reward is about a unit of the rubric. Wrapping of query and response: `rer.json`.\nRebuild: `rer playground "
                + "build`.\n\n");
        card.Append("## What was changed, and why\n");
        card.Append(
            "- Rankings by the first sentence stand apart from those of whole answers. Mixed, what further sentences cost gave most pairs, "
                + "and right and wrong were learned badly (closed-ended accuracy .76).\n");
        card.Append(
            "- The rubric takes .7, not .45, for each sentence after a closed-ended answer, and .6, not .3, for an open-ended answer cut "
                + "off in mid-sentence. An earlier gold model took off less than two thirds of what the rubric did ");
        card.Append(
            "from the closed-ended answers that `LI` and `LI*RP*QR` lengthen, so that what the designs differ in hardly showed.\n\n");
        card.Append("## Held-out figures\n");
        card.Append(
            "Accuracy on 2,000 fresh pairs in the rubric's own order (`../preferences-heldout.jsonl`):\n\n| pairs | accuracy "
                + "|\n|---|---|\n");
        foreach (var (subset, value) in accuracy.Concat(accuracyByTask))
            card.Append(CultureInfo.InvariantCulture, $"| {(subset.Length == 0 ? "all" : subset)} | {value:f3} |\n");
        card.Append(
            "\nAgainst the rubric on the policy's own answers (Spearman over two samples for each evaluation query):\n\n| queries | rho "
                + "|\n|---|---|\n");
        foreach (var type in samples.Zip(rewards).GroupBy(item => item.First.Query.QueryType).OrderBy(group => group.Key))
        {
            var rho = Correlation.Spearman([.. type.Select(item => item.First.Score)], [.. type.Select(item => item.Second)]).Statistic;
            card.Append(CultureInfo.InvariantCulture, $"| {type.Key.Title()} | {rho:f2} |\n");
        }

        return card.ToString();
    }
}
