namespace Rer.Engine.Data.Prompts;

/// <summary>A prompt as a model sees it.</summary>
/// <param name="Item">The data set's row.</param>
/// <param name="Ids">Token ids of the rendered template, special tokens included.</param>
public sealed record EncodedPrompt(PromptItem Item, int[] Ids);
