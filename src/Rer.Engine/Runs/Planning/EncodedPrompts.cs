using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Runs.Planning;

/// <summary>A prompt set as a policy sees it.</summary>
/// <param name="Prompts">The rows that fit its context.</param>
/// <param name="Skipped">How many rows did not fit and were left out, as the plan asked.</param>
/// <param name="Problems">A sentence for each row that does not fit where the plan asks for every row.</param>
public sealed record EncodedPrompts(IReadOnlyList<EncodedPrompt> Prompts, int Skipped, IReadOnlyList<string> Problems);
