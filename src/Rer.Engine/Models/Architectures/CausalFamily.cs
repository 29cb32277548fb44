using Rer.Engine.Models.Weights;

namespace Rer.Engine.Models.Architectures;

/// <summary>Decoder-only models that one `model_type` names.</summary>
/// <param name="ModelType">`model_type` of config.json.</param>
/// <param name="LanguageModel">The architecture that can be a policy.</param>
/// <param name="Classifier">The architecture that scores whole sequences.</param>
/// <param name="Prefix">What the backbone's published names begin with.</param>
/// <param name="LoraTargets">The modules that PEFT adapts by default.</param>
/// <param name="Projections">The linear layers of a block, as they are computed: each with the published modules it serves.</param>
/// <param name="Build">Lays out a model: shape, empty store, prefix of its names, whether it has a language head.</param>
internal sealed record CausalFamily(
    string ModelType, string LanguageModel, string Classifier, string Prefix, IReadOnlyList<string> LoraTargets,
    Func<ModelConfig, IReadOnlyList<BlockProjection>> Projections,
    Func<ModelConfig, WeightStore, string, bool, ICausalBackbone> Build);
