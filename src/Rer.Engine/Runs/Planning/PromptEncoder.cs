using Rer.Engine.Data.Prompts;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Runs.Planning;

/// <summary>Prompts as a policy sees them: template applied, encoded, and checked against its context.</summary>
public sealed class PromptEncoder
{
    private readonly int _maxTokens;
    private readonly string _limit;
    private readonly bool _skip;

    /// <summary>Reads the policy's tokenizer and shape; no weights.</summary>
    /// <param name="plan">Names the policy, the template and the longest prompt.</param>
    /// <exception cref="InvalidDataException">A file is broken, or tokenizer and model have different vocabularies.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    public PromptEncoder(RunPlan plan)
    {
        Tokenizer = TokenizerLoader.Load(plan.Policy);
        var config = ModelConfig.Read(plan.Policy);
        config.CheckVocabulary(Tokenizer.VocabularySize, plan.Policy);
        Template = PromptTemplate.Of(plan.Template, plan.Policy);
        _skip = plan.SkipLongPrompts;
        var room = config.MaxPositions - plan.Ppo.MaxResponseTokens;
        (_maxTokens, _limit) = room < plan.Ppo.MaxPromptTokens
            ? (room, $"the policy's context of {config.MaxPositions} less {plan.Ppo.MaxResponseTokens} response tokens")
            : (plan.Ppo.MaxPromptTokens, "--max-prompt-tokens");
    }

    /// <summary>The policy's tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>How prompts are wrapped.</summary>
    public PromptTemplate Template { get; }

    /// <summary>The ids that end a response: the model's own, and the token that closes a turn of its chat template.</summary>
    /// <param name="config">The policy's shape.</param>
    public IReadOnlyList<int> EndIds(ModelConfig config) => EndIds(config, Template, Tokenizer);

    /// <inheritdoc cref="EndIds(ModelConfig)"/>
    public static IReadOnlyList<int> EndIds(ModelConfig config, PromptTemplate template, ITokenizer tokenizer) =>
        template.EndOfTurn.Length > 0 && tokenizer.TokenToId(template.EndOfTurn) is { } id && !config.EosIds.Contains(id)
            ? [.. config.EosIds, id] : config.EosIds;

    /// <summary>The first rows of a set, encoded; with --skip-long-prompts the first that fit.</summary>
    /// <param name="prompts">The set.</param>
    /// <param name="count">Most rows; 0 takes all.</param>
    public EncodedPrompts Encode(PromptSet prompts, int count = 0)
    {
        var fitting = new List<EncodedPrompt>();
        var problems = new List<string>();
        var skipped = 0;
        foreach (var item in prompts.Items)
        {
            if (count > 0 && fitting.Count + problems.Count >= count) break;
            var ids = Tokenizer.Encode(Template.Render(item.Query), Template.AddsSpecialTokens);
            if (ids.Length is > 0 && ids.Length <= _maxTokens) fitting.Add(new EncodedPrompt(item, ids));
            else if (_skip) skipped++;
            else problems.Add($"{prompts.Place(item)}: the prompt has {ids.Length} tokens, and 1 to {_maxTokens} are allowed ({_limit}). "
                + "Shorten or remove it, or pass --skip-long-prompts true.");
        }

        if (fitting.Count == 0 && problems.Count == 0) problems.Add($"{prompts.Path}: no prompt has 1 to {_maxTokens} tokens ({_limit}).");
        return new EncodedPrompts(fitting, skipped, problems);
    }
}

/// <summary>A prompt set as a policy sees it.</summary>
/// <param name="Prompts">The rows that fit its context.</param>
/// <param name="Skipped">How many rows did not fit and were left out, as the plan asked.</param>
/// <param name="Problems">A sentence for each row that does not fit where the plan asks for every row.</param>
public sealed record EncodedPrompts(IReadOnlyList<EncodedPrompt> Prompts, int Skipped, IReadOnlyList<string> Problems);
