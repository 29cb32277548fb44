using System.Text.Json.Serialization;
using Rer.Engine.Evaluation;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Events;

/// <summary>Something that happened to a run. The store appends events; pages ask for all since a number.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StateChanged), "state")]
[JsonDerivedType(typeof(StepCompleted), "step")]
[JsonDerivedType(typeof(EvaluationCompleted), "evaluation")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpoint")]
[JsonDerivedType(typeof(ProgressChanged), "progress")]
[JsonDerivedType(typeof(LogWritten), "log")]
[JsonDerivedType(typeof(Rewound), "rewound")]
[JsonDerivedType(typeof(Withdrawn), "withdrawn")]
public abstract record RunEvent
{
    /// <summary>Place in the run's stream, from 1 without gaps; 0 until the store has appended the event.</summary>
    public long Sequence { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>The run entered a state.</summary>
/// <param name="State">The new state.</param>
/// <param name="Reason">Why, in a sentence, where there is something to say (an error's message).</param>
public sealed record StateChanged(RunState State, string? Reason) : RunEvent;

/// <summary>A PPO step is done.</summary>
/// <param name="Report">What it recorded.</param>
public sealed record StepCompleted(StepReport Report) : RunEvent;

/// <summary>A checkpoint's evaluation is done; its rollouts stand in the store.</summary>
/// <param name="Report">The figures.</param>
public sealed record EvaluationCompleted(EvaluationReport Report) : RunEvent;

/// <summary>A checkpoint stands on disk.</summary>
/// <param name="Step">PPO steps completed.</param>
/// <param name="Folder">Where, relative to the run's folder.</param>
public sealed record CheckpointSaved(int Step, string Folder) : RunEvent;

/// <summary>A long phase moved on. Not stored: only subscribers see it.</summary>
/// <param name="Phase">What is being done: `load`, `evaluate`, ...</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
public sealed record ProgressChanged(string Phase, int Done, int Total) : RunEvent;

/// <summary>A line for the run's log.</summary>
/// <param name="Level">`info`, `warning` or `error`.</param>
/// <param name="Step">PPO steps completed.</param>
/// <param name="Text">One sentence.</param>
public sealed record LogWritten(string Level, int Step, string Text) : RunEvent;

/// <summary>The run goes on from an earlier checkpoint: forget what was seen of later steps; it comes again.</summary>
/// <param name="Step">The checkpoint's step.</param>
public sealed record Rewound(int Step) : RunEvent;

/// <summary>Stands where an event stood that a rewind took back, so that the stream's numbers have no gaps.</summary>
public sealed record Withdrawn : RunEvent;
