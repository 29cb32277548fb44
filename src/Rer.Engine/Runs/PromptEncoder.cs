using Rer.Engine.Data;
using Rer.Engine.Models;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Runs;

/// <summary>Prompts as a policy sees them: template applied, encoded, and checked against its context.</summary>
public sealed class PromptEncoder
{
    private readonly PromptTemplate _template;
    private readonly int _maxTokens;
    private readonly string _limit;

    /// <summary>Reads the policy's tokenizer and shape; no weights.</summary>
    /// <param name="plan">Names the policy, the template and the longest prompt.</param>
    /// <exception cref="InvalidDataException">A file is broken, or tokenizer and model have different vocabularies.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    public PromptEncoder(RunPlan plan)
    {
        Tokenizer = TokenizerLoader.Load(plan.Policy);
        var config = ModelConfig.Read(plan.Policy);
        config.CheckVocabulary(Tokenizer.VocabularySize, plan.Policy);
        _template = PromptTemplate.Named(plan.Template);
        var room = config.MaxPositions - plan.Ppo.MaxResponseTokens;
        (_maxTokens, _limit) = room < plan.Ppo.MaxPromptTokens
            ? (room, $"the policy's context of {config.MaxPositions} less {plan.Ppo.MaxResponseTokens} response tokens")
            : (plan.Ppo.MaxPromptTokens, "--max-prompt-tokens");
    }

    /// <summary>The policy's tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The rows of <paramref name="prompts"/>, encoded.</summary>
    public EncodedPrompt[] Encode(PromptSet prompts) =>
        [.. prompts.Items.Select(item => new EncodedPrompt(item, Tokenizer.Encode(_template.Render(item.Query))))];

    /// <summary>What is wrong with encoded prompts, a sentence a row; empty where nothing is.</summary>
    public IEnumerable<string> Check(PromptSet prompts, IEnumerable<EncodedPrompt> encoded) =>
        from prompt in encoded
        where prompt.Ids.Length > _maxTokens || prompt.Ids.Length == 0
        select prompt.Ids.Length == 0
            ? $"{prompts.Place(prompt.Item)}: the prompt has no token."
            : $"{prompts.Place(prompt.Item)}: the prompt has {prompt.Ids.Length} tokens, more than {_maxTokens} ({_limit}). Shorten or remove it.";
}
