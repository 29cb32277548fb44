namespace Rer.Engine.Models.Architectures;

/// <summary>A linear layer of a block, for what must be known of a model before it is built.</summary>
/// <param name="Inputs">Width of the input.</param>
/// <param name="Modules">Published name within the block and width of each output.</param>
internal sealed record BlockProjection(int Inputs, IReadOnlyList<(string Name, int Outputs)> Modules)
{
    /// <summary>Elements of the weight.</summary>
    public double Elements => (double)Inputs * Modules.Sum(module => module.Outputs);

    /// <summary>The modules that a list of LoRA targets adapts, matched as PEFT matches names.</summary>
    public IEnumerable<(string Name, int Outputs)> Adapted(IReadOnlyList<string> targets) =>
        Modules.Where(
            module => targets.Any(target => module.Name == target || module.Name.EndsWith("." + target, StringComparison.Ordinal)));
}
