namespace StellarPay.Sandbox.Storage;

/// <summary>The data folder cannot be used; the message names the file, the place and the way out.</summary>
public sealed class SandboxDataException : Exception
{
    public SandboxDataException(string message)
        : base(message)
    {
    }

    public SandboxDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
