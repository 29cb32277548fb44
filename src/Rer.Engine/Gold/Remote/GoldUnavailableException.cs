namespace Rer.Engine.Gold.Remote;

/// <summary>A gold reward model's server that does not answer, or not with rewards. A run stops on it with its checkpoint saved.</summary>
public sealed class GoldUnavailableException : IOException
{
    /// <summary>An error without details.</summary>
    public GoldUnavailableException() { }

    /// <summary>An error with a message.</summary>
    public GoldUnavailableException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public GoldUnavailableException(string message, Exception? innerException) : base(message, innerException) { }
}
