using System.Runtime.InteropServices;

namespace Rer.Torch;

/// <summary>
/// An error libtorch raised. The message names the operator, says what libtorch said, and lists what the operator was
/// called with: names, element types, shapes.
/// </summary>
/// <remarks>TorchSharp throws <see cref="ExternalException"/>; code that is to run on both catches that.</remarks>
public sealed class TorchException : ExternalException
{
    /// <summary>An error without a message.</summary>
    public TorchException()
    {
    }

    /// <summary>An error with libtorch's message.</summary>
    public TorchException(string message)
        : base(message)
    {
    }

    /// <summary>An error with libtorch's message and what caused it.</summary>
    public TorchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
