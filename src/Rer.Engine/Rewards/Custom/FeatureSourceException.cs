namespace Rer.Engine.Rewards.Custom;

/// <summary>A feature's source cannot be read; says all that is wrong with it, and where.</summary>
public sealed class FeatureSourceException : FormatException
{
    /// <summary>An exception of these errors.</summary>
    /// <param name="symbol">The feature.</param>
    /// <param name="errors">What is wrong, in the order of the text.</param>
    public FeatureSourceException(string symbol, IReadOnlyList<SourceError> errors)
        : base($"{symbol}: {string.Join(' ', errors)}") => Errors = errors;

    /// <summary>What is wrong, in the order of the text.</summary>
    public IReadOnlyList<SourceError> Errors { get; }
}
