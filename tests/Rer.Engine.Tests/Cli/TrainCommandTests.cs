using Rer.Cli;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Runs;

namespace Rer.Engine.Tests.Cli;

public sealed class TrainCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();
    private readonly TinyStudy _study = new();

    public void Dispose()
    {
        _study.Dispose();
        _rer.Dispose();
    }

    [Fact]
    public void A_run_leaves_everything_in_the_store_and_the_table_is_shown()
    {
        var (exit, output, error) = _rer.Run(Train());

        Assert.Equal(ExitCode.Ok, exit);
        using var store = _rer.OpenStore();
        var run = Assert.Single(store.Runs());
        Assert.Equal((RunState.Finished, 6), (run.State, run.Step));
        Assert.Contains($"{run.Id} finished 6 steps", error);
        Assert.Matches(@"step 3  proxy 3\.000  gold -3\.000  OE gold", output);
        Assert.Matches(@"\n +6 +6\.000 +-6\.000", output);
        Assert.Contains("proxy against gold: Spearman's rho -1", output);
        Assert.Contains("verdict: ", output);
    }

    [Fact]
    public void A_small_policy_under_the_papers_options_is_told_of_the_preset_once()
    {
        const string Advice = "--preset small-policy sets options for such policies.";
        Assert.Contains(Advice, _rer.Run(Train(steps: 6)).Error);
        var again = _rer.Run(Train(steps: 7));
        Assert.Contains("Resuming", again.Error);
        Assert.DoesNotContain(Advice, again.Error);
    }

    [Fact]
    public void A_preset_is_changed_by_what_is_given_beside_it()
    {
        var (exit, _, error) = _rer.Run([.. Train(), "--preset", "small-policy", "--kl-coefficient", "0.3", "--batch-size", "8"]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.DoesNotContain("--preset", error);
        using var store = _rer.OpenStore();
        var ppo = Assert.Single(store.Runs()).Plan.Ppo;
        Assert.Equal((true, 5e-4, 0.3, 8), (ppo.DetachValueHead, ppo.LearningRate, ppo.KlCoefficient, ppo.MiniBatchSize));
        var refused = _rer.Run([.. Train(), "--preset", "tiny"]);
        Assert.Equal((ExitCode.BadArguments, "--preset: 'tiny' is not known. Known ones: small-policy.\n"), (refused.Exit, refused.Error));
    }

    [Fact]
    public void Over_optimisation_is_said_as_it_happens_and_at_the_end()
    {
        var (_, output, error) = _rer.Run(Train(steps: 12));

        const string Alert = "alert, from step 12 on: Proxy up, gold down. 3 evaluations in a row.";
        Assert.Contains(Alert, error);
        Assert.Contains(Alert, output);
    }

    [Fact]
    public void The_same_command_resumes_a_stopped_run_and_says_when_it_is_finished()
    {
        _rer.AtStep = (step, _) =>
        {
            if (step == 4) throw new InvalidDataException("gold: item 3 scored NaN.");
        };
        var failed = _rer.Run(Train());
        Assert.Equal(ExitCode.Failed, failed.Exit);
        Assert.Contains("failed at step 4: gold: item 3 scored NaN.", failed.Error);

        _rer.AtStep = null;
        var resumed = _rer.Run(Train());
        Assert.Equal(ExitCode.Ok, resumed.Exit);
        Assert.Contains("Resuming", resumed.Error);

        var again = _rer.Run(Train());
        Assert.Equal(ExitCode.Ok, again.Exit);
        Assert.Contains("has finished its 6 steps already. Give more --steps to extend it, or another --seed.", again.Error);

        var extended = _rer.Run([.. Train(steps: 8)]);
        Assert.Contains("finished 8 steps", extended.Error);
        using var store = _rer.OpenStore();
        Assert.Equal(8, Assert.Single(store.Runs()).Step);
    }

    [Fact]
    public void A_store_in_which_another_process_trains_is_left_as_it_is()
    {
        using var store = RunStore.Open(_rer.Store);
        using var feed = new RunFeed(store);
        using var other = new RunCoordinator(store, feed, (_, _) => throw new InvalidOperationException());
        other.Take();

        var (exit, _, error) = _rer.Run(Train());

        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("trains in this store. Stop it, or choose another folder.", error);
        Assert.Empty(store.Runs());
    }

    [Fact]
    public void A_plan_written_by_show_starts_the_same_run_anew_under_another_seed()
    {
        _rer.Run(Train());
        var plan = _rer.File("plan.json", _rer.Run(["show", "latest", "--plan", "--store", _rer.Store]).Out);

        Assert.Equal(ExitCode.Ok, _rer.Run(["train", "--plan", plan, "--seed", "9", "--out", _rer.Store]).Exit);

        using var store = _rer.OpenStore();
        var runs = store.Runs();
        Assert.Equal([new PlanDifference("seed", "9", "1")], runs[0].Plan.DifferencesFrom(runs[1].Plan));
    }

    [Fact]
    public void All_bad_arguments_are_named_at_once_and_nothing_is_made()
    {
        var (exit, _, error) = _rer.Run(
            ["train", "--design", "RER", "--policy", "/no/such", "--data", _study.Data, "--clip-range", "1.4", "--eval-every", "0", "--out",
                _rer.Store]);

        Assert.Equal(ExitCode.BadArguments, exit);
        Assert.Contains("--clip-range: 1.4 is outside (0, 1]. The paper uses 0.2.\n", error);
        Assert.Contains("--eval-every: 0 is outside [1, 100000000]. The default is 500.\n", error);
        Assert.Contains("--policy: /no/such is not a folder.", error);
        Assert.False(Directory.Exists(_rer.Store));
    }

    [Fact]
    public void What_is_missing_is_named_with_what_to_give()
    {
        var (exit, _, error) = _rer.Run(["train", "--steps", "many"]);
        Assert.Equal(ExitCode.BadArguments, exit);
        Assert.Equal(
            """
            --steps: 'many' is not a whole number.
            --design: missing. Give a design, such as LI, LI*RP, QR, LI*QR, LI*RP*QR, RER.
            --policy: missing. Give the folder of a model in Hugging Face layout.
            --data: missing. Give a prompt set in JSON, JSON Lines, CSV or Parquet.

            """,
            error);
    }

    [Fact]
    public void An_unknown_option_is_a_bad_argument_and_help_is_offered()
    {
        var (exit, _, error) = _rer.Run(["train", "--warp-speed", "9"]);
        Assert.Equal(ExitCode.BadArguments, exit);
        Assert.Contains("'--warp-speed'", error);
        Assert.EndsWith("See: rer train --help\n", error);
    }

    [Fact]
    public void Help_has_every_option_with_its_default_and_what_is_allowed()
    {
        var (exit, output, _) = _rer.Run(["train", "--help"]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.All(PlanOption.All, o => Assert.Contains($"--{o.Name} ", output));
        var folded = string.Join(' ', output.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--clip-range <X> Clip range of the policy ratio. Default .2 (TRL; Schulman et al. 2017). Allowed: (0, 1].",
            folded);
    }

    [Fact]
    public void A_design_uses_the_features_in_the_stores_library()
    {
        new FeatureCatalog(Path.Combine(_rer.Store, "library")).Save(new FeatureDefinition
        {
            Symbol = "SHORT",
            Kind = FeatureKind.Expression,
            Source = "min(words, 2) / 2",
            Examples = [new("one", 0.5)],
        });

        var (exit, _, _) = _rer.Run(Train(design: "LI*SHORT"));

        Assert.Equal(ExitCode.Ok, exit);
        using var store = _rer.OpenStore();
        Assert.Equal("min(words, 2) / 2", Assert.Single(Assert.Single(store.Runs()).Plan.Design.CustomFeatures).Source);
    }

    private string[] Train(int steps = 6, string design = "LI") =>
    [
        "train", "--design", design, "--policy", _study.Policy, "--data", _study.Data, "--template", "plain",
        "--max-response-tokens", "8", "--steps", $"{steps}", "--eval-every", "3", "--out", _rer.Store,
    ];
}
