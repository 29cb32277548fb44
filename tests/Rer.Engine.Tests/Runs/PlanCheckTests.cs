using System.Text.Json.Nodes;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Tests.Runs;

/// <summary>What is said of a plan whose files are not what it needs, before anything is loaded.</summary>
public sealed class PlanCheckTests : IDisposable
{
    private readonly TinyStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_plan_whose_files_are_right_can_be_run() => Assert.Empty(_study.Plan().Validate());

    [Fact]
    public void A_missing_file_or_folder_is_named_with_its_option()
    {
        var plan =
            _study.Plan() with { Policy = "/no/policy", Data = "/no/data.json", EvaluationData = "/no/eval.json", Gold = "/no/gold" };
        Assert.Equal(
            [
                "--data: /no/data.json is not a file. Give a prompt set in JSON, JSON Lines, CSV or Parquet.",
                "--eval-data: /no/eval.json is not a file. Give a prompt set in JSON, JSON Lines, CSV or Parquet.",
                "--policy: /no/policy is not a folder. Give a model's folder in Hugging Face layout.",
                "--gold: /no/gold is not a folder. Give a model's folder in Hugging Face layout.",
            ],
            Errors(plan));
    }

    [Fact]
    public void Data_with_columns_of_its_own_is_mapped_and_a_wrong_mapping_named()
    {
        var table = _study.Folder("table.csv");
        File.WriteAllText(table, "question,answer,kind\nsay a,a,CONSTRAINED\nsay b,b,OPENENDED\n");
        var plan = _study.Plan() with
        {
            Data = table,
            EvaluationData = _study.Data,
            Columns = PromptColumns.Parse("query=question,reference=answer,qtype=kind"),
        };
        Assert.Empty(plan.Validate());
        Assert.Equal(["say a", "say b"], plan.LoadData().Items.Select(item => item.Query));
        Assert.Contains("no row has a field `ask`. Its fields are `question`, `answer`, `kind`.",
            Errors(plan with { Columns = new PromptColumns { Query = "ask" } })[0]);
        Assert.Contains($"{_study.Data}: no row has a field `ask`.",
            Errors(plan with { EvaluationColumns = new PromptColumns { Query = "ask" } })[0]);
    }

    [Fact]
    public void A_policy_without_weights_is_named()
    {
        File.Delete(Path.Combine(_study.Policy, "model.safetensors"));
        Assert.Equal($"--policy: {_study.Policy}: holds neither model.safetensors nor model.safetensors.index.json.",
            Assert.Single(Errors(_study.Plan())));
    }

    [Fact]
    public void Weights_that_are_cut_short_are_named()
    {
        var file = Path.Combine(_study.Gold, "model.safetensors");
        using (var weights = new FileStream(file, FileMode.Open)) weights.SetLength(weights.Length / 2);
        Assert.StartsWith($"--gold: {file}: ", Assert.Single(Errors(_study.Plan())));
    }

    [Fact]
    public void Weights_that_do_not_fit_the_configuration_are_all_named_before_anything_is_loaded()
    {
        var config = Path.Combine(_study.Policy, "config.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!;
        json["intermediate_size"] = (int)json["intermediate_size"]! + 4;
        File.WriteAllText(config, json.ToJsonString());
        var error = Assert.Single(Errors(_study.Plan()));
        Assert.StartsWith($"--policy: {_study.Policy}: the weights do not fit config.json.", error);
        Assert.Contains("model.layers.0.mlp.up_proj.weight is [", error);
        Assert.Contains("model.layers.1.mlp.down_proj.weight is [", error);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "config.json: the file is a Git LFS pointer")]
    [InlineData("<!doctype html><html></html>", "config.json: the file is an HTML page")]
    [InlineData("{", "config.json: the file is broken, not JSON")]
    public void A_configuration_that_is_something_else_is_told_once_by_what_it_is(string content, string expected)
    {
        File.WriteAllText(Path.Combine(_study.Policy, "config.json"), content);
        Assert.Contains(expected, Assert.Single(Errors(_study.Plan())));
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => ModelConfig.Read(_study.Policy)).Message);
    }

    [Fact]
    public void A_folder_that_is_no_model_is_named()
    {
        File.Delete(Path.Combine(_study.Policy, "config.json"));
        Assert.Equal($"--policy: {_study.Policy} holds no config.json, so it is not a model in Hugging Face layout.",
            Assert.Single(Errors(_study.Plan())));
    }

    [Fact]
    public void A_policy_without_a_tokenizer_is_named()
    {
        File.Delete(Path.Combine(_study.Policy, "tokenizer.json"));
        Assert.StartsWith($"--policy: {_study.Policy}: there is no tokenizer.", Assert.Single(Errors(_study.Plan())));
    }

    [Fact]
    public void A_gold_that_has_no_head_or_no_url_is_named()
    {
        Assert.StartsWith($"--gold: {_study.Policy}: is no reward model: its weights hold none of the heads known: score.weight,",
            Assert.Single(Errors(_study.Plan() with { Gold = _study.Policy })));
        Assert.Equal("--gold: openrlhf:here needs a URL that begins with http:// or https://, not 'here'.",
            Assert.Single(Errors(_study.Plan() with { Gold = "openrlhf:here" })));
        Assert.Equal($"--gold: /none is not a folder. Give a model's folder in Hugging Face layout.",
            Assert.Single(Errors(_study.Plan() with { Gold = $"dpo:{_study.Policy},reference=/none" })));
    }

    [Fact]
    public void Targets_and_a_chat_template_that_the_policy_lacks_are_named()
    {
        var plan = _study.Plan() with { Template = "chat", Lora = new() { TargetModules = ["q_proj", "c_attn"] } };
        var errors = Errors(plan).ToArray();
        Assert.Equal(
            "--lora-target-modules: c_attn: a llama has no such module. It has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, "
                + "down_proj; PEFT adapts q_proj, v_proj.", errors[0]);
        Assert.StartsWith($"--policy: {_study.Policy}: has no chat template", errors[1]);
        Assert.Equal(2, errors.Length);
    }

    [Fact]
    public void Items_without_a_query_type_are_named_under_a_design_that_branches()
    {
        File.WriteAllText(_study.Data,
            """{"input":"a","output":"b","qtype":"OPENENDED"}""" + "\n" + """{"input":"c","output":"d"}""" + "\n");
        Assert.StartsWith($"--data: {_study.Data}, line 2, item 1: no query type. The design 'OE: LI*RP*QR; CE: RP*RAR' branches",
            Assert.Single(Errors(_study.Plan())));
        Assert.Empty(Errors(_study.Plan("LI")));
    }

    [Fact]
    public void Of_many_bad_items_the_first_are_listed_and_the_rest_counted()
    {
        File.WriteAllLines(_study.Data, Enumerable.Range(0, 12).Select(i => $$"""{"input":"query {{i}}"}"""));
        var errors = Errors(_study.Plan());
        Assert.Equal(6, errors.Length);
        Assert.Equal("--data: ... and 7 more items like these.", errors[^1]);
    }

    [Fact]
    public void A_file_that_is_no_prompt_set_is_named()
    {
        File.WriteAllText(_study.Data, "[1, 2]");
        Assert.Equal($"--data: {_study.Data}, line 1, item 0: the row is a number. It must be an object.", Errors(_study.Plan())[0]);
    }

    [Fact]
    public void Relevance_that_rows_bring_along_cannot_train()
    {
        var plan = _study.Plan() with { Relevance = "precomputed" };
        Assert.StartsWith("--relevance: precomputed measures responses that exist already", Assert.Single(Errors(plan)));
        Assert.Empty(Errors(_study.Plan("LI") with { Relevance = "precomputed" }));
    }

    [Fact]
    public void A_full_path_means_the_same_from_any_folder()
    {
        var relative = _study.Plan() with { Data = "data.json", Relevance = "contriever:encoder" };
        var full = relative.WithFullPaths();
        Assert.Equal(Path.GetFullPath("data.json"), full.Data);
        Assert.Equal($"contriever:{Path.GetFullPath("encoder")}", full.Relevance);
        Assert.True(relative.SameCourseAs(full with { Ppo = full.Ppo with { Steps = 99 } }));
        Assert.False(relative.SameCourseAs(full with { Seed = 99 }));
    }

    private static string[] Errors(RunPlan plan) => [.. plan.Validate().Select(e => e.ToString())];
}
