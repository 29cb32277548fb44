using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Input;

/// <summary>Plans that people and programs write: what is wrong is named by its field, all of it at once.</summary>
public sealed class PlanFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public PlanFileTests() => _file = _folder.File("plan.json");

    public void Dispose() => _folder.Dispose();

    private static RunPlan Plan => new() { Design = RewardDesign.Parse("LI*RP"), Policy = "policy", Data = "data.json", Seed = 7 };

    [Fact]
    public void What_is_written_is_read_back()
    {
        File.WriteAllText(_file, "\uFEFF" + JsonSerializer.Serialize(Plan, RunJson.Indented));
        Assert.Equal(Plan.Hash, PlanFile.Read(_file).Hash);
    }

    [Fact]
    public void Options_that_are_left_out_have_their_defaults()
    {
        File.WriteAllText(_file, """{ "design": "LI*RP", "policy": "policy", "data": "data.json", "seed": 7, "ppo": { } }""");
        Assert.Equal(Plan.Hash, PlanFile.Read(_file).Hash);
    }

    [Theory]
    [InlineData("stepz", "stepz: is not known.")]
    [InlineData("sed", "sed: is not known. The nearest known name is 'seed'.")]
    [InlineData("Seed", "Seed: is not known. The nearest known name is 'seed'.")]
    [InlineData("ppo.stepz", "ppo.stepz: is not known. The nearest known name is 'steps'.")]
    [InlineData("ppo.klEstimator", "ppo.klEstimator: is not known.")]
    [InlineData("lora.dropout", "lora.dropout: is not known. Known names: rank, alpha, targetModules.")]
    [InlineData("evaluation.response", "evaluation.response: is not known. The nearest known name is 'responses'.")]
    [InlineData("columns.question", "columns.question: is not known. Known names: query, reference, queryType, dataset, relevance.")]
    [InlineData("hash", "hash: is not known.")]
    public void A_field_that_is_not_known_is_refused_with_the_nearest_known_name(string path, string expected) =>
        Assert.StartsWith($"--plan: {_file}: {expected}", Assert.Single(Errors(path, JsonValue.Create(1))));

    [Theory]
    [InlineData("design")]
    [InlineData("policy")]
    [InlineData("data")]
    [InlineData("relevance")]
    [InlineData("template")]
    [InlineData("device")]
    [InlineData("dType")]
    [InlineData("ppo")]
    [InlineData("lora")]
    [InlineData("evaluation")]
    [InlineData("seed")]
    [InlineData("ppo.steps")]
    [InlineData("lora.targetModules")]
    public void Null_where_it_may_not_be_is_named(string path) =>
        Assert.Equal(
            $"--plan: {_file}: {path}: is null, which it may not be. Leave the field out for its default, or give a value.",
            Assert.Single(Errors(path, null)));

    [Theory]
    [InlineData("gold")]
    [InlineData("evaluationData")]
    [InlineData("columns")]
    public void Null_where_it_may_be_is_read(string path) => Assert.Empty(Errors(path, null));

    [Theory]
    [InlineData("lora.targetModules", "[\"q_proj\", null]", "lora.targetModules[1]: is null, which it may not be.")]
    [InlineData("seed", "\"one\"", "seed: cannot be read as a whole number.")]
    [InlineData("ppo.learningRate", "[]", "ppo.learningRate: cannot be read as a number.")]
    [InlineData("ppo.steps", "1e99", "ppo.steps: cannot be read as a whole number.")]
    [InlineData("ppo.adaptiveKl", "0", "ppo.adaptiveKl: cannot be read as true or false.")]
    [InlineData("design", "\"LI*XX\"", "design: design 'LI*XX': feature 'XX' is not known.")]
    [InlineData("design", "{\"text\":\"LI\",\"feature\":[]}", "design.feature: is not known. The nearest known name is 'features'.")]
    [InlineData(
        "design", "{\"text\":\"OWN\",\"features\":[{\"symbol\":\"OWN\",\"kind\":\"Expression\"}]}",
        "design.features[0].source: is missing.")]
    public void A_value_that_cannot_be_read_is_named_by_its_field(string path, string value, string expected) =>
        Assert.StartsWith($"--plan: {_file}: {expected}", Assert.Single(Errors(path, JsonNode.Parse(value))));

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        File.WriteAllText(_file, """{ "policy": null, "data": "d", "ppo": { "stepz": 1, "gama": 1 } }""");
        var error = Assert.Throws<PlanException>(() => PlanFile.Read(_file));
        Assert.Equal(["policy", "ppo.stepz", "ppo.gama", "design"], error.Errors.Select(e => e.Message.Split(": ")[0]));
        Assert.Contains("design: is missing.", error.Message);
    }

    [Theory]
    [InlineData("", "line 1, byte 1: ")]
    [InlineData("{ \"seed\": 1,\n  \"seed\": 2 }", "")]
    [InlineData("{ \"seed\": 1,\n  policy }", "line 2, byte 3: ")]
    [InlineData("{ \"design\": \"LI\", \"policy\": \"\\ud800\", \"data\": \"\" }", "policy: ")]
    [InlineData("null", "null; an object is needed.")]
    [InlineData("[]", "cannot be read as RunPlan.")]
    public void A_file_that_is_no_plan_is_named_with_the_place(string text, string expected)
    {
        File.WriteAllText(_file, text);
        Assert.StartsWith($"--plan: {_file}: {expected}", Assert.Throws<PlanException>(() => PlanFile.Read(_file)).Errors[0].ToString());
    }

    [Fact]
    public void A_file_that_is_not_there_or_no_file_is_named()
    {
        Assert.Contains($"{_file}: no such file.", Assert.Throws<PlanException>(() => PlanFile.Read(_file)).Message);
        Assert.Contains($"{_folder.Path}: is a folder.", Assert.Throws<PlanException>(() => PlanFile.Read(_folder.Path)).Message);
    }

    [Fact]
    public void A_feature_without_its_source_is_named_by_file_and_field()
    {
        File.WriteAllText(_file, """
            [{ "symbol": "OWN", "kind": "Expression", "source": "words" }, { "symbol": "TWO", "kind": "Expression", "sauce": "words" }]
            """);
        var error = Assert.Throws<InvalidDataException>(() => FeatureCatalog.Read(_file));
        Assert.Equal(
            $"{_file}: the features cannot be read: [1].sauce: is not known. The nearest known name is 'source'. [1].source: is missing.",
            error.Message);
    }

    /// <summary>What is said of the plan with another value at a path.</summary>
    private string[] Errors(string path, JsonNode? value)
    {
        var plan = JsonSerializer.SerializeToNode(Plan, RunJson.Compact)!.AsObject();
        var names = path.Split('.');
        var section = plan;
        foreach (var name in names[..^1]) section = (JsonObject)(section[name] ??= new JsonObject());
        section[names[^1]] = value;
        File.WriteAllText(_file, plan.ToJsonString());
        try
        {
            PlanFile.Read(_file);
            return [];
        }
        catch (PlanException error)
        {
            return [.. error.Errors.Select(e => e.ToString())];
        }
    }
}
