using System.Text.Json;
using Rer.Engine.Models;
using Rer.Engine.Options;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Gold;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Runs;

public sealed class PlanPresetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_preset_sets_its_options_and_no_other()
    {
        var plan = Samples.Plan();
        var changed = PlanPreset.SmallPolicy.ApplyTo(plan);
        Assert.Equal(
            PlanPreset.SmallPolicy.Options.Select(option => option.Key).Order(), changed.DifferencesFrom(plan)
                .Select(difference => difference.Option).Order());
        Assert.True(changed.Ppo.DetachValueHead);
        Assert.Empty(changed.ValidateOptions());
        Assert.Equal((true, false), (PlanPreset.SmallPolicy.IsUntouchedIn(plan), PlanPreset.SmallPolicy.IsUntouchedIn(changed)));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_those_there_are()
    {
        var error = Assert.Throws<PlanException>(() => PlanPreset.Named("tiny"));
        Assert.Equal("--preset: 'tiny' is not known. Known ones: small-policy.", Assert.Single(error.Errors).ToString());
    }

    [Fact]
    public void A_small_policy_under_the_papers_options_is_told_so_and_nobody_else()
    {
        using (var policy = CausalLm.Create(TinyModels.Config(), 1)) policy.SaveFolder(_folder.File("policy"));
        var plan = Samples.Plan() with { Policy = _folder.File("policy") };
        Assert.StartsWith("The policy has 0.0", PresetAdvice.Of(plan));
        Assert.Null(PresetAdvice.Of(PlanPreset.SmallPolicy.ApplyTo(plan)));
        // Somebody has thought of it.
        Assert.Null(PresetAdvice.Of(plan with { Ppo = plan.Ppo with { LearningRate = 1e-4 } }));
        Assert.Null(PresetAdvice.Of(plan with { Policy = _folder.File("none") }));
        Assert.Equal((PlanPreset.SmallPolicy, null),
            (PresetAdvice.For(PresetAdvice.MostParameters), PresetAdvice.For(PresetAdvice.MostParameters + 1)));
        Assert.StartsWith("The policy has 33 million parameters", PresetAdvice.Sentence(33_000_000));
    }

    [Fact]
    public void A_plan_without_the_new_options_is_written_and_named_as_before()
    {
        var json = JsonSerializer.Serialize(Samples.Plan(), RunJson.Compact);
        foreach (var name in new[] { "detachValueHead", "valueWarmupSteps", "valueLearningRate" }) Assert.DoesNotContain(name, json,
            StringComparison.Ordinal);
        var changed = PlanPreset.SmallPolicy.ApplyTo(Samples.Plan());
        Assert.Equal(changed, JsonSerializer.Deserialize<RunPlan>(JsonSerializer.Serialize(changed, RunJson.Compact),
            RunJson.Compact)! with
        { Lora = changed.Lora, Design = changed.Design });
    }
}
