using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold.Remote;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>Loads gold reward models.</summary>
public static class GoldRewardModels
{
    /// <summary>The gold reward that a plan names.</summary>
    /// <param name="source">The plan's text; see <see cref="GoldSource"/>.</param>
    /// <param name="device">Where a model runs.</param>
    /// <param name="type">Type of a model's weights in memory; null is float32 on the CPU and the checkpoint's own on CUDA.</param>
    /// <exception cref="ArgumentException">The text names nothing that can be used; the message tells why.</exception>
    /// <exception cref="InvalidDataException">A folder holds no reward model, or a tokenizer of another vocabulary.</exception>
    public static IGoldRewardModel Open(string source, Device device, ScalarType? type = null)
    {
        var gold = GoldSource.Parse(source);
        if (gold.Problems().FirstOrDefault() is { } problem) throw new ArgumentException($"--gold: {source} {problem}", nameof(source));
        return gold.Kind switch
        {
            GoldKind.Folder => Load(gold, device, type),
            GoldKind.Dpo => LoadDpo(gold, device, type),
            GoldKind.OpenRlhf => new OpenRlhfGold(gold.Url, RemoteTemplate(gold), gold.Endpoint()),
            GoldKind.VllmClassify =>
                new VllmClassifyGold(gold.Url, gold.Settings.GetValueOrDefault("model"), gold.Class, RemoteTemplate(gold), gold.Endpoint()),
            _ => new VllmPoolingGold(gold.Url, gold.Settings.GetValueOrDefault("model"), RemoteTemplate(gold), gold.Endpoint()),
        };
    }

    /// <summary>
    /// The gold reward model in a folder, told by its config.json and its weights' names. Query and response are wrapped as `rer.json`
    /// beside the weights has it; without one as the model's card shows it, by its chat template, or by <paramref name="template"/>.
    /// </summary>
    /// <param name="folder">Hugging Face layout.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="template">Prompt template of a model that brings none; `plain` where null.</param>
    /// <param name="type">Type of the weights in memory; null is float32 on the CPU and the checkpoint's own on CUDA.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no reward model, or a tokenizer of another vocabulary.</exception>
    public static IGoldRewardModel Load(string folder, Device device, PromptTemplate? template = null, ScalarType? type = null) =>
        Load(GoldSource.Parse(folder), device, type, template);

    /// <summary>
    /// Why a folder cannot serve as a gold reward model, from its config.json and the headers of its weights; null where it can.
    /// </summary>
    public static string? Problem(string folder)
    {
        try
        {
            using var weights = WeightFolder.Open(folder);
            if (ArchitectureRegistry.IsEncoderFolder(folder))
                return EncoderRewardModel.IsClassifier(weights) ? null : $"{folder}: is an encoder without a classification head.";
            RewardModel.CheckFolder(folder);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    /// <summary>How the reward is read in a folder that has no <see cref="Problem"/>, for people.</summary>
    public static string Describe(string folder)
    {
        if (ArchitectureRegistry.IsEncoderFolder(folder)) return "a classification head on an encoder";
        using var weights = WeightFolder.Open(folder);
        var form = RewardForm.Of(weights, ConfigFields.Read(Path.Combine(folder, "config.json")))!;
        var where = form.Reading switch
        {
            RewardReading.LastNotPadding => "at the last token that is no padding",
            RewardReading.BeforeFirstPadding => "before the first padding token",
            RewardReading.Mean => "as the mean over the tokens",
            _ => "at the last token",
        };
        return $"head {form.Head}, read {where}";
    }

    private static IGoldRewardModel Load(GoldSource gold, Device device, ScalarType? type, PromptTemplate? fallback = null)
    {
        var folder = gold.Location;
        var label = gold.Settings.GetValueOrDefault("label");
        if (ArchitectureRegistry.IsEncoderFolder(folder))
        {
            var encoder = EncoderRewardModel.Load(folder, device, label);
            return Owning(encoder, () =>
            {
                var tokenizer = Tokenizer(folder, encoder.Config.VocabularySize);
                return new EncoderGold(NameOf(folder), encoder, tokenizer, gold.Template(folder, "") ?? GoldTemplate.Read(folder));
            });
        }
        bool? normalize = gold.Settings.TryGetValue("normalize", out var text) ? bool.Parse(text) : null;
        var model = RewardModel.Load(folder, device, type, label, normalize);
        return Owning(model, () =>
        {
            var tokenizer = Tokenizer(folder, model.Config.VocabularySize);
            var wrapping = gold.Template(folder, End(tokenizer)) ?? GoldTemplate.Read(folder) ?? model.Form.Template
                ?? OwnOr(folder, tokenizer, fallback);
            return new CheckpointGold(NameOf(folder), model, tokenizer, wrapping);
        });
    }

    private static DpoGold LoadDpo(GoldSource gold, Device device, ScalarType? type)
    {
        var (folder, start) = (gold.Location, gold.Settings["reference"]);
        var policy = CausalLm.Load(folder, device, type);
        return Owning(policy, () =>
        {
            var tokenizer = Tokenizer(folder, policy.Config.VocabularySize);
            var wrapping = gold.Template(folder, "") ?? GoldTemplate.Read(folder) ?? OwnOr(folder, tokenizer, null);
            var reference = CausalLm.Load(start, device, type);
            return Owning(reference, () =>
            {
                reference.Config.CheckVocabulary(tokenizer.VocabularySize, start);
                return new DpoGold(NameOf(folder), policy, reference, tokenizer, wrapping, gold.Beta);
            });
        });
    }

    /// <summary>The folder's chat template, or else a prompt template.</summary>
    private static GoldTemplate OwnOr(string folder, ITokenizer tokenizer, PromptTemplate? fallback) => ChatTemplate.In(folder)
        ? GoldTemplate.From(ChatTemplate.Read(folder))
        : GoldTemplate.From(fallback ?? PromptTemplate.Named("plain"), End(tokenizer));

    /// <summary>
    /// A server says nothing of how its model is prompted: a query on a line of its own, unless the plan names a template.
    /// </summary>
    private static GoldTemplate RemoteTemplate(GoldSource gold) =>
        gold.Template(null, "") ?? GoldTemplate.From(PromptTemplate.Named("newline"), "");

    private static ITokenizer Tokenizer(string folder, int rows)
    {
        var tokenizer = TokenizerLoader.Load(folder);
        return tokenizer.VocabularySize <= rows
            ? tokenizer
            : throw new InvalidDataException(
                $"{folder}: the tokenizer has ids up to {tokenizer.VocabularySize - 1} but the model's embedding holds {rows} rows. They "
                    + "belong to different models.");
    }

    private static string End(ITokenizer tokenizer) => tokenizer.EosId is { } eos ? tokenizer.IdToToken(eos) ?? "" : "";

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>What is built on a model, which is let go of where that fails.</summary>
    private static T Owning<T>(IDisposable model, Func<T> build)
    {
        try
        {
            return build();
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
