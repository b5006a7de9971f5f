namespace Orleans.Configuration;

/// <summary>How calls are sent.</summary>
public abstract class MessagingOptions
{
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ResponseTimeoutWithDebugger { get; set; } = TimeSpan.FromMinutes(30);
}

/// <summary>How a silo sends calls.</summary>
public class SiloMessagingOptions : MessagingOptions;

/// <summary>How a client sends calls.</summary>
public class ClientMessagingOptions : MessagingOptions;
