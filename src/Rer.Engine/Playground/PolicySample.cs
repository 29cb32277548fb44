using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Models;
using Rer.Engine.Models.Generation;
using Rer.Engine.Playground.Language;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Playground;

/// <summary>A policy's answer to an evaluation query, with the rubric's score: for the artifacts' cards.</summary>
/// <param name="Query">The query.</param>
/// <param name="Response">The answer.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="EndedWithEos">Whether the policy ended it itself.</param>
/// <param name="Score">The rubric's score.</param>
internal sealed record PolicySample(PlaygroundQuery Query, string Response, int Tokens, bool EndedWithEos, double Score)
{
    /// <summary>Samples two answers to each query at temperature 1.</summary>
    public static IReadOnlyList<PolicySample> Draw(
        CausalLm model, ITokenizer tokenizer, Rubric rubric, IReadOnlyList<PlaygroundQuery> queries, int seed,
        string purpose = "playground/samples")
    {
        PlaygroundQuery[] twice = [.. queries, .. queries];
        var template = PromptTemplate.Named(PlaygroundPlans.Template);
        using var generator = new TextGenerator(model);
        var generation = generator.Generate(
            [.. twice.Select(query => tokenizer.Encode(template.Render(query.Text)))],
            new SamplingOptions { MaxNewTokens = PlaygroundPlans.MaxResponseTokens, EosIds = model.Config.EosIds },
            [.. twice.Select((_, i) => SeededRandom.Seed(seed, purpose, i))]);
        return [.. twice.Select((query, i) =>
        {
            var response = tokenizer.Decode(generation.Sequences[i]);
            return new PolicySample(query, response, generation.Sequences[i].Length, generation.EndedWithEos[i],
                rubric.Score(query, response));
        })];
    }
}
