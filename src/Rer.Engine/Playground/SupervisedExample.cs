namespace Rer.Engine.Playground;

/// <summary>A prompt with the answer a policy shall learn.</summary>
/// <param name="Tokens">Prompt and answer.</param>
/// <param name="PromptLength">Tokens of the prompt: nothing is learned from them.</param>
public sealed record SupervisedExample(int[] Tokens, int PromptLength);
