namespace Rer.Engine.Storage;

/// <summary>The store cannot be opened, read or written; the message says which file, why, and what would help.</summary>
public class StoreException : IOException
{
    /// <summary>An error without a message.</summary>
    public StoreException() { }

    /// <summary>An error with a message.</summary>
    public StoreException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public StoreException(string message, Exception innerException) : base(message, innerException) { }
}
