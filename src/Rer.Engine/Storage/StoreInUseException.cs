namespace Rer.Engine.Storage;

/// <summary>Another process trains in this store; the message says which.</summary>
public sealed class StoreInUseException : StoreException
{
    /// <summary>An error without a message.</summary>
    public StoreInUseException() { }

    /// <summary>An error with a message.</summary>
    public StoreInUseException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public StoreInUseException(string message, Exception innerException) : base(message, innerException) { }
}
