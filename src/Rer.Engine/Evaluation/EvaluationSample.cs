using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Evaluation;

/// <summary>One sampled response at one checkpoint, with its scores.</summary>
public sealed record EvaluationSample
{
    /// <summary>PPO steps completed when it was sampled.</summary>
    public required int Step { get; init; }

    /// <summary>Index of the query in the evaluation set.</summary>
    public required int Item { get; init; }

    /// <summary>Which of the k responses, from 0.</summary>
    public required int Sample { get; init; }

    /// <summary>The query as the user wrote it.</summary>
    public required string Query { get; init; }

    /// <summary>The policy's answer.</summary>
    public required string Response { get; init; }

    /// <summary>The data set's reference answer.</summary>
    public string? Reference { get; init; }

    /// <summary>The sub-set the query came from (AlpacaEval's `dataset` field).</summary>
    public string? Dataset { get; init; }

    /// <summary>The query's type.</summary>
    public QueryType? QueryType { get; init; }

    /// <summary>The run's own design.</summary>
    public required double Proxy { get; init; }

    /// <summary>The gold reward.</summary>
    public required double Gold { get; init; }

    /// <summary>Every feature's raw value by symbol.</summary>
    public required IReadOnlyDictionary<string, double> Features { get; init; }

    /// <summary>Every factor of the product that made <see cref="Proxy"/>, by symbol.</summary>
    public required IReadOnlyDictionary<string, double> Factors { get; init; }

    /// <summary>Response length in tokens, EOS included.</summary>
    public required int Tokens { get; init; }

    /// <summary>Whether the policy ended the response itself.</summary>
    public required bool EndedWithEos { get; init; }
}
