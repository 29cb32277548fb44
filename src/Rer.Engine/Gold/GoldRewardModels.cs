using Rer.Engine.Data;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>Loads gold reward models.</summary>
public static class GoldRewardModels
{
    /// <summary>The gold reward that a plan names; so far a folder (see <see cref="Load"/>).</summary>
    /// <param name="source">The plan's text.</param>
    /// <param name="device">Where a model runs.</param>
    /// <param name="type">Type of a model's weights in memory.</param>
    public static IGoldRewardModel Open(string source, Device device, ScalarType? type) => Load(source, device, type: type ?? ScalarType.Float32);

    /// <summary>
    /// The gold reward model in a folder: a sequence classifier or Starling's form, told apart by the weights' names. The wrapping of
    /// query and response is that of `rer.json` beside the weights; without one, Starling's own or <paramref name="template"/>.
    /// </summary>
    /// <param name="folder">Hugging Face layout.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="template">Prompt template of a classifier that has no `rer.json`; `plain` where null.</param>
    /// <param name="type">Type of the weights in memory.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no reward model, or a tokenizer of another vocabulary.</exception>
    public static CheckpointGold Load(string folder, Device device, PromptTemplate? template = null, ScalarType type = ScalarType.Float32)
    {
        var model = RewardModel.Load(folder, device, type);
        try
        {
            var tokenizer = TokenizerLoader.Load(folder);
            model.Config.CheckVocabulary(tokenizer.VocabularySize, folder);
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            var wrapping = GoldTemplate.Read(folder);
            if (model.IsStarling) return new StarlingGold(name, model, tokenizer, wrapping ?? GoldTemplate.Starling);
            var end = tokenizer.EosId is { } eos ? tokenizer.IdToToken(eos) ?? "" : "";
            return new SequenceClassifierGold(name, model, tokenizer, wrapping ?? GoldTemplate.From(template ?? PromptTemplate.Named("plain"), end));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
