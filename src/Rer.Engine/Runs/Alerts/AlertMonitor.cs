using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Alerts;

/// <summary>
/// Judges a run's metrics by the rules of <see cref="RunAlerts"/>, step by step from the first: each by its mean over the last
/// <see cref="RunAlerts.Window"/> steps. A metric that hovers at its limit is one alert, not many: an alert closes when the mean has been
/// within the limit for as many steps on end, as of the first of them; and unless the mean has been well within it since, the same alert
/// opens again only well beyond it.
/// </summary>
public sealed class AlertMonitor
{
    /// <summary>Openings and closings that are remembered: a long run may have many.</summary>
    public const int MostChanges = 60;

    // In the order of Metrics.
    private readonly Rule[] _rules;
    private readonly Rule _entropy;
    private readonly RunningMean _endedWithEos = new(RunAlerts.Window);
    private readonly RunningMean _policyGradient = new(RunAlerts.Window);
    private readonly List<AlertChange> _changes = [];
    private double _firstEntropy = double.NaN;
    private double _policyPart = double.NaN;
    private int _steps;

    /// <summary>A monitor that has seen every step of a run in a store.</summary>
    public static AlertMonitor Of(IRunStore store, RunRecord run)
    {
        var monitor = new AlertMonitor(run.Plan);
        store.EachStep(run.Id, Metrics, (step, values) => monitor.Add(step, values));
        return monitor;
    }

    /// <summary>A monitor that has seen no step.</summary>
    /// <param name="plan">The run's plan: targets and limits.</param>
    public AlertMonitor(RunPlan plan)
    {
        var (target, tokens) = (plan.Ppo.KlTarget, plan.Ppo.MaxResponseTokens);
        _entropy = new Rule
        {
            Kind = RunAlertKind.EntropyCollapse,
            Title = "Entropy collapsed",
            Holds = mean => mean < RunAlerts.EntropyShare * _firstEntropy,
            WellBeyond = mean => mean < (1 - RunAlerts.MarginShare) * RunAlerts.EntropyShare * _firstEntropy,
            WellWithin = mean => mean > (1 + RunAlerts.MarginShare) * RunAlerts.EntropyShare * _firstEntropy,
            Text = mean => $"{Number(mean)} nats per token; it was {Number(_firstEntropy)} at the start.",
            Line = mean => $"entropy {Number(mean)}",
            Limit = $"below {Number(100 * RunAlerts.EntropyShare, 0)} % of the start",
        };
        _rules =
        [
            new Rule
            {
                Kind = RunAlertKind.KlAboveTarget,
                Title = $"KL above {Number(RunAlerts.KlFactor, 1)} × target",
                Holds = mean => target > 0 && mean > RunAlerts.KlFactor * target,
                WellBeyond = mean => target > 0 && mean > (1 + RunAlerts.MarginShare) * RunAlerts.KlFactor * target,
                WellWithin = mean => mean < (1 - RunAlerts.MarginShare) * RunAlerts.KlFactor * target,
                Text = mean => $"Mean {Number(mean, 1)} nats per sequence; the target is {Number(target, 1)}.",
                Line = mean => $"KL {Number(mean, 1)}",
                Limit = $"above {Number(RunAlerts.KlFactor, 1)} × target {Number(target, 1)}",
            },
            new Rule
            {
                Kind = RunAlertKind.RatioAboveThreshold,
                Title = "Mini-batches skipped",
                Holds = mean => mean > 0,
                // One mini-batch now and then is no second alert.
                WellBeyond = mean => mean > 1.5 / RunAlerts.Window,
                Text = mean => $"{Number(mean)} a step: their mean ratio passed {Number(plan.Ppo.RatioThreshold, 0)}.",
                Line = mean => $"{Number(mean)} mini-batches skipped a step",
                Limit = $"ratio above {Number(plan.Ppo.RatioThreshold, 0)}",
            },
            _entropy,
            new Rule
            {
                Kind = RunAlertKind.LengthNearLimit,
                Title = "Length near its limit",
                Holds = mean => mean > RunAlerts.LengthShare * tokens,
                WellBeyond = mean => mean > RunAlerts.LengthShare * tokens + RunAlerts.MarginShare * (1 - RunAlerts.LengthShare) * tokens,
                WellWithin = mean => mean < (1 - RunAlerts.MarginShare) * RunAlerts.LengthShare * tokens,
                Text = mean => $"Mean {Number(mean, 0)} of {tokens} tokens"
                    + (double.IsFinite(_endedWithEos.Value) ? $"; {Number(100 * (1 - _endedWithEos.Value), 0)} % end without EOS." : "."),
                Line = mean => $"length mean {Number(mean, 0)} of {tokens}",
                Limit = $"above {Number(100 * RunAlerts.LengthShare, 0)} %",
            },
            new Rule
            {
                Kind = RunAlertKind.ValueMovesPolicy,
                Title = "The value loss moves the policy",
                Holds = mean => ValueMovesPolicy(mean, target),
                WellBeyond = mean => ValueMovesPolicy(mean, target, RunAlerts.MarginShare),
                WellWithin = mean => !ValueMovesPolicy(mean, target, -RunAlerts.MarginShare),
                Text = mean => $"Its part of the adapter's gradient is {Number(mean)}, the policy loss's {Number(_policyPart)}, while KL"
                    + $" is above its target {Number(target, 1)}: the policy drifts for another reason than its reward."
                    + $" Set --detach-value-head true, or a --value-coefficient below {Number(plan.Ppo.ValueCoefficient)}.",
                Line = mean => $"gradient of the value loss {Number(mean)}, of the policy loss {Number(_policyGradient.Value)}",
                Limit = $"KL above its target {Number(target, 1)}",
            },
        ];
    }

    /// <summary>The metrics that are judged, in the order of <see cref="Add(int, ReadOnlySpan{double})"/>'s values.</summary>
    public static IReadOnlyList<string> Metrics { get; } =
    [
        Metric.Kl, Metric.SkippedMinibatches, Metric.Entropy, Metric.LengthMean, Metric.ValueGradientNorm,
        Metric.PolicyGradientNorm, Metric.EndedWithEos,
    ];

    /// <summary>The last step seen; -1 before the first.</summary>
    public int Step { get; private set; } = -1;

    /// <summary>The newest openings and closings, oldest first, at most <see cref="MostChanges"/>.</summary>
    public IReadOnlyList<AlertChange> Changes => _changes;

    /// <summary>Every rule that holds or has held: its last occurrence.</summary>
    public IEnumerable<RunAlert> Alerts => _rules.Select(rule => rule.Alert).OfType<RunAlert>();

    /// <summary>
    /// KL above its target, and the value's part of the gradient as large as the policy's; by a margin, where one is given.
    /// </summary>
    private bool ValueMovesPolicy(double valuePart, double klTarget, double margin = 0)
    {
        var (kl, policyPart) = (_rules[0].Mean.Value, _policyGradient.Value);
        var holds = klTarget > 0 && kl > (1 + margin) * klTarget
            && valuePart > 0 && valuePart >= (1 + margin) * RunAlerts.ValueGradientFactor * policyPart;
        if (holds && margin == 0) _policyPart = policyPart;
        return holds;
    }

    /// <summary>Judges a step; one that is not later than the last is left out.</summary>
    /// <returns>What opened or closed by it.</returns>
    public IReadOnlyList<AlertChange> Add(StepReport report) => Add(report.Step, [.. Metrics.Select(name => report[name])]);

    /// <summary>Judges a step; one that is not later than the last is left out.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">The values of <see cref="Metrics"/>, in their order; NaN where one was not recorded.</param>
    /// <returns>What opened or closed by it.</returns>
    public IReadOnlyList<AlertChange> Add(int step, ReadOnlySpan<double> values)
    {
        if (step <= Step) return [];
        Step = step;
        _endedWithEos.Add(values[^1]);
        _policyGradient.Add(values[^2]);
        for (var i = 0; i < _rules.Length; i++) _rules[i].Mean.Add(values[i]);
        if (++_steps < RunAlerts.Window) return [];
        if (_steps == RunAlerts.Window) _firstEntropy = _entropy.Mean.Value;

        List<AlertChange>? changes = null;
        foreach (var rule in _rules)
            if (rule.Judge(step) is { } change) (changes ??= []).Add(change);
        if (changes is null) return [];
        _changes.AddRange(changes);
        if (_changes.Count > MostChanges) _changes.RemoveRange(0, _changes.Count - MostChanges);
        return changes;
    }

    private static string Number(double value, int decimals = 2) => RunAlerts.Number(value, decimals);

    private sealed class Rule
    {
        private double _mean;
        private int _opened = -1;
        private int? _closed;
        // The first step of those within the limit while the alert is open, and the mean there.
        private (int Step, double Mean)? _within;
        private bool _mayOpen = true;

        public required RunAlertKind Kind { get; init; }

        public required string Title { get; init; }

        /// <summary>Whether a mean is beyond the limit.</summary>
        public required Func<double, bool> Holds { get; init; }

        /// <summary>Whether it is so far beyond that it opens an alert again that has just closed.</summary>
        public Func<double, bool>? WellBeyond { get; init; }

        /// <summary>Whether it is so far within that whatever comes is a new alert.</summary>
        public Func<double, bool> WellWithin { get; init; } = _ => false;

        public required Func<double, string> Text { get; init; }

        public required Func<double, string> Line { get; init; }

        public required string Limit { get; init; }

        public RunningMean Mean { get; } = new(RunAlerts.Window);

        public RunAlert? Alert => _opened < 0 ? null : new RunAlert(Kind, Title, Text(_mean), _opened, _closed);

        private bool Open => _opened >= 0 && _closed is null;

        public AlertChange? Judge(int step)
        {
            var mean = Mean.Value;
            if (!double.IsFinite(mean)) return null;
            var holds = Holds(mean);
            if (holds) _mean = mean;
            _mayOpen |= WellWithin(mean);
            return Open ? Close(step, mean, holds) : Begin(step, mean, holds);
        }

        private AlertChange? Begin(int step, double mean, bool holds)
        {
            if (!holds || !(_mayOpen || (WellBeyond ?? Holds)(mean))) return null;
            (_opened, _closed, _within, _mayOpen) = (step, null, null, false);
            return new AlertChange(Kind, step, true, $"{Line(mean)}, {Limit}");
        }

        private AlertChange? Close(int step, double mean, bool holds)
        {
            _within = holds ? null : _within ?? (step, mean);
            if (_within is not { } since || step - since.Step < RunAlerts.Window) return null;
            _closed = since.Step;
            return new AlertChange(Kind, since.Step, false, $"{Line(since.Mean)}, alert closed");
        }
    }
}
