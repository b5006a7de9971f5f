namespace Orleans.Runtime;

/// <summary>A reminder could not be registered or unregistered.</summary>
[GenerateSerializer]
public sealed class ReminderException(string message) : OrleansException(message);
