using Rer.Engine.Data.Prompts;
using Rer.Engine.Options;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

public sealed class PlanOptionTests
{
    [Fact]
    public void Every_option_has_a_name_of_its_own_and_a_summary()
    {
        Assert.Equal(PlanOption.All.Count, PlanOption.All.Select(o => o.Name).Distinct().Count());
        Assert.All(PlanOption.All, o => Assert.NotEqual("", o.Summary));
        Assert.DoesNotContain(PlanOption.All, o => o.Summary.Contains('<'));
    }

    [Theory]
    [InlineData("design"), InlineData("data"), InlineData("eval-data"), InlineData("dtype"), InlineData("steps"), InlineData("top-p")]
    [InlineData("kl-target"), InlineData("lora-target-modules"), InlineData("eval-every"), InlineData("eval-responses"), InlineData("seed")]
    public void Names_are_those_of_the_command_line(string name) => Assert.Equal(name, PlanOption.Named(name).Name);

    [Fact]
    public void Every_number_has_bounds()
    {
        var free = PlanOption.All.Where(o => (o.Type == typeof(int) || o.Type == typeof(double)) && o.Allowed.Length == 0);
        Assert.Equal(["seed"], free.Select(o => o.Name));
    }

    [Theory]
    [InlineData("clip-range", "0.3"), InlineData("steps", "77"), InlineData("adaptive-kl", "false"), InlineData("eval-temperature", "1.5")]
    [InlineData("lora-target-modules", "q_proj,k_proj"), InlineData("gold", "/gold"), InlineData("design", "LI*RP"), InlineData("seed",
        "-4")]
    [InlineData("columns", "query=question,qtype=kind"), InlineData("eval-columns", "reference=answer")]
    public void A_value_set_from_text_reads_back_and_is_the_only_difference(string name, string text)
    {
        var plan = Samples.Plan();
        var option = PlanOption.Named(name);

        var changed = option.With(plan, text);

        Assert.Equal(text, option.Text(changed));
        Assert.Equal([new PlanDifference(name, text, option.Text(plan))], changed.DifferencesFrom(plan));
    }

    [Fact]
    public void A_difference_from_the_defaults_leaves_out_what_has_none()
    {
        var plan = Samples.Plan(seed: 3, steps: 10) with { Gold = "/gold" };
        Assert.Equal(
            [new PlanDifference("seed", "3", "1"), new PlanDifference("steps", "10", "10000")],
            plan.DifferencesFrom(plan.WithDefaults()));
    }

    [Theory]
    [InlineData("steps", "1.5", "--steps: '1.5' is not a whole number.")]
    [InlineData("learning-rate", "small", "--learning-rate: 'small' is not a number.")]
    [InlineData("columns", "question",
        "--columns: column mapping 'question' is not known. Write NAME=FIELD with one of query, reference, qtype, dataset, relevance, each "
            + "once, joined by commas.")]
    [InlineData("adaptive-kl", "perhaps", "--adaptive-kl: 'perhaps' is neither true nor false.")]
    public void Text_that_is_no_value_is_refused(string name, string text, string message)
    {
        var error = Assert.Throws<PlanException>(() => PlanOption.Named(name).With(Samples.Plan(), text));
        Assert.Equal(message, error.Errors.Single().ToString());
    }

    [Fact]
    public void A_text_that_is_no_design_is_refused()
    {
        var error = Assert.Throws<PlanException>(() => PlanOption.Named("design").With(Samples.Plan(), "LI*XX"));
        Assert.StartsWith("--design: ", error.Errors.Single().ToString());
        Assert.Contains("'XX' is not known", error.Message);
    }

    [Theory]
    [InlineData("clip-range", "1.4", "--clip-range: 1.4 is outside (0, 1]. The paper uses 0.2.")]
    [InlineData("clip-range", "0", "--clip-range: 0 is outside (0, 1]. The paper uses 0.2.")]
    [InlineData("kl-target", "NaN", "--kl-target: NaN is outside (0, 1000000]. The paper uses 6.")]
    [InlineData("lora-rank", "0", "--lora-rank: 0 is outside [1, 4096]. The paper uses 8.")]
    [InlineData("eval-responses", "1", "--eval-responses: 1 is outside [2, 1024]. The default is 4.")]
    [InlineData("lora-rank", "2147483647", "--lora-rank: 2147483647 is outside [1, 4096]. The paper uses 8.")]
    [InlineData("eval-responses", "2147483647", "--eval-responses: 2147483647 is outside [2, 1024]. The default is 4.")]
    [InlineData("epochs", "2147483647", "--epochs: 2147483647 is outside [1, 1000]. The paper uses 4.")]
    [InlineData("kl-coefficient", "1E+300", "--kl-coefficient: 1E+300 is outside [0, 1000000]. The paper uses 0.2.")]
    [InlineData("batch-size", "12",
        "--batch-size: 12 is not a multiple of --mini-batch-size times --gradient-accumulation (2 x 4 = 8). The paper uses 16, 2 and 4.")]
    [InlineData("lora-target-modules", "", "--lora-target-modules: names no module. The paper uses q_proj,v_proj.")]
    [InlineData("device", "tpu", "--device: tpu is not known. Known ones: auto, cpu, cuda, cuda:N.")]
    [InlineData("dtype", "int8", "--dtype: int8 is not known. Known ones: auto, float32, bfloat16.")]
    public void An_option_that_is_not_allowed_is_named_with_what_is(string name, string value, string message)
    {
        var plan = PlanOption.Named(name).With(Samples.Plan(), value);
        Assert.Equal([message], plan.ValidateOptions().Select(e => e.ToString()));
    }

    [Fact]
    public void A_template_that_is_not_known_is_answered_with_those_that_are()
    {
        var error = Assert.Single((Samples.Plan() with { Template = "chatty" }).ValidateOptions());
        Assert.StartsWith("--template: chatty is not known. Known ones: alpaca, ", error.ToString());
        Assert.All(PromptTemplate.All, t => Assert.Contains(t.Name, error.Message));
    }

    [Fact]
    public void All_errors_come_at_once()
    {
        var plan = Samples.Plan() with { Ppo = new PpoOptions { ClipRange = 2, Gamma = -1, Steps = 0 }, Device = "tpu" };
        Assert.Equal(["steps", "gamma", "clip-range", "device"], plan.ValidateOptions().Select(e => e.Option));
    }

    [Fact]
    public void The_defaults_are_allowed() => Assert.Empty(Samples.Plan().ValidateOptions());
}
