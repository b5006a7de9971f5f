using StellarPay.Grains.Failures;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>
/// The connection was lost while a state was being written: it may be stored, or still become so until the next read of it.
/// </summary>
public sealed class WriteUnknownException : Exception, IPassingFailure
{
    /// <summary>Without a text of its own.</summary>
    public WriteUnknownException()
    {
    }

    /// <summary>With its text.</summary>
    public WriteUnknownException(string message)
        : base(message)
    {
    }

    /// <summary>With its text and its cause.</summary>
    public WriteUnknownException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
