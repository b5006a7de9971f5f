namespace StellarPay.Sandbox;

/// <summary>The sandbox cannot start; the message is a sentence that says why and what to do.</summary>
public sealed class SandboxStartException(string message, Exception innerException) : Exception(message, innerException);
