using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Options;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Runs.Planning;

/// <summary>Checks a plan whole: each rule adds what it finds, none stops the others.</summary>
internal sealed class PlanCheck(RunPlan plan)
{
    /// <summary>Most bad items of one prompt set that are listed; the rest are counted.</summary>
    private const int MaxItems = 5;

    /// <summary>Most characters of a path or another text of a plan.</summary>
    private const int LongestText = 4096;

    private const string Devices = "auto, cpu, cuda, cuda:N", Types = "auto, float32, bfloat16";

    private readonly List<PlanError> _errors = [];

    /// <summary>The rules that read no file.</summary>
    public IReadOnlyList<PlanError> Options()
    {
        CheckLengths();
        // Nothing is made of texts that are far too long.
        if (_errors.Count > 0) return _errors;
        _errors.AddRange(plan.Ppo.Validate());
        _errors.AddRange(plan.Lora.Validate());
        _errors.AddRange(plan.Evaluation.Validate());
        CheckCustomFeatures();
        CheckTemplate();
        CheckRelevance();
        CheckDevice();
        if (plan.Gold is { } gold)
        {
            foreach (var problem in GoldSource.Parse(gold).Problems()) Add("gold", gold, problem);
        }

        return _errors;
    }

    /// <summary>All rules.</summary>
    public IReadOnlyList<PlanError> Everything()
    {
        Options();
        var training = ReadPrompts("data", plan.Data, plan.LoadData);
        var evaluation = plan.EvaluationData is null ? null : ReadPrompts("eval-data", plan.EvaluationData, plan.LoadEvaluationData);
        CheckDesign("data", training);
        CheckDesign("eval-data", evaluation);
        if (CheckFolder("policy", plan.Policy))
        {
            CheckPolicy(training, evaluation);
            CheckWeights("policy", plan.Policy, CausalLm.CheckFolder);
        }

        CheckGold();
        return _errors;
    }

    private void CheckLengths()
    {
        foreach (var option in PlanOption.All.Where(option => option.Type == typeof(string)))
            if (option.Text(plan).Length is > LongestText and var length) Add(
                option.Name, "", $"has {length} characters; at most {LongestText} are allowed.");
    }

    private void CheckCustomFeatures()
    {
        foreach (var feature in plan.Design.CustomFeatures)
            if (CustomFeatures.WhyNot(feature) is { } why) Add("design", "", why);
    }

    private void CheckTemplate()
    {
        if (!PromptTemplate.IsKnown(plan.Template)) Add("template", plan.Template, $"is not known. Known ones: {PromptTemplate.Forms}.");
    }

    private void CheckGold()
    {
        if (plan.Gold is not { } text) return;
        var gold = GoldSource.Parse(text);
        foreach (var folder in gold.Folders.Where(folder => CheckFolder("gold", folder)))
        {
            if (gold.Kind == GoldKind.Dpo) CheckWeights("gold", folder, CausalLm.CheckFolder);
            else if (GoldRewardModels.Problem(folder) is { } problem) Add("gold", "", problem);
        }
    }

    private void CheckRelevance()
    {
        if (plan.Relevance is "lexical") return;
        if (plan.Relevance is "precomputed" && !plan.Design.UsesRelevance) return;
        if (plan.Relevance.StartsWith("contriever:", StringComparison.Ordinal))
            CheckFolder("relevance", plan.Relevance["contriever:".Length..]);
        else if (plan.Relevance is "precomputed")
            Add("relevance", plan.Relevance,
                $"measures responses that exist already, not those a policy is yet to write. Design '{plan.Design}' needs lexical or "
                    + "contriever:FOLDER.");
        else Add("relevance", plan.Relevance, $"is not known. Known forms: {RelevanceModels.Forms}.");
    }

    private void CheckDevice()
    {
        var device = plan.Device;
        if (device is not ("auto" or "cpu" or "cuda")
            && !(device.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(device[5..], out _)))
            Add("device", device, $"is not known. Known ones: {Devices}.");
        if (plan.DType is not ("auto" or "float32" or "bfloat16")) Add("dtype", plan.DType, $"is not known. Known ones: {Types}.");
    }

    private PromptSet? ReadPrompts(string option, string file, Func<PromptSet> load)
    {
        if (!File.Exists(file))
        {
            Add(option, file, "is not a file. Give a prompt set in JSON, JSON Lines, CSV or Parquet.");
            return null;
        }

        try
        {
            var prompts = load();
            if (prompts.Count > 0) return prompts;
            Add(option, file, "holds no prompts.");
        }
        catch (DataFileException e)
        {
            AddItems(option, e.Errors);
        }

        return null;
    }

    private void CheckDesign(string option, PromptSet? prompts)
    {
        if (prompts is not null) AddItems(option, plan.Design.Check(prompts));
    }

    private bool CheckFolder(string option, string folder)
    {
        if (!Directory.Exists(folder)) Add(option, folder, "is not a folder. Give a model's folder in Hugging Face layout.");
        else if (!File.Exists(Path.Combine(folder, "config.json")))
            Add(option, folder, "holds no config.json, so it is not a model in Hugging Face layout.");
        else return true;
        return false;
    }

    /// <summary>Tokenizer and model must be of one vocabulary, and every prompt must leave room for its response.</summary>
    private void CheckPolicy(PromptSet? training, PromptSet? evaluation)
    {
        try
        {
            var config = ModelConfig.Read(plan.Policy);
            ArchitectureRegistry.RequirePolicy(config, plan.Policy);
            if (ArchitectureRegistry.TargetProblem(config, plan.Lora.TargetModules) is { } problem) Add("lora-target-modules", "", problem);
            if (!PromptTemplate.IsKnown(plan.Template)) return;
            var encoder = new PromptEncoder(plan);
            if (training is not null) AddItems("data", encoder.Encode(training).Problems);
            if (evaluation is not null) AddItems("eval-data", encoder.Encode(evaluation, plan.Evaluation.Queries).Problems);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException or FormatException)
        {
            Add("policy", "", error.Message);
        }
    }

    /// <summary>Reads the headers of the weights: a file that is missing or cut short shows there.</summary>
    private void CheckWeights(string option, string folder, Action<string> check)
    {
        try
        {
            check(folder);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            // What config.json itself has wrong was said when the prompts were encoded.
            if (_errors.All(known => known.Message != error.Message)) Add(option, "", error.Message);
        }
    }

    private void AddItems(string option, IReadOnlyList<string> messages)
    {
        foreach (var message in messages.Take(MaxItems)) Add(option, "", message);
        if (messages.Count > MaxItems) Add(option, "", $"... and {messages.Count - MaxItems} more items like these.");
    }

    private void Add(string option, string value, string message) => _errors.Add(new PlanError(option, value, message));
}
