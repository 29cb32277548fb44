namespace Rer.Engine.Hub;

/// <summary>A repository cannot be fetched; the message says what, why, and what would help.</summary>
public class HubException : IOException
{
    /// <summary>An error without details.</summary>
    public HubException() { }

    /// <summary>An error with a message.</summary>
    public HubException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public HubException(string message, Exception innerException) : base(message, innerException) { }
}
