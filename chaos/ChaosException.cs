namespace StellarPay.Chaos;

/// <summary>The run could not be carried out; it says nothing about the system under test.</summary>
public sealed class ChaosException(string message) : Exception(message);
