namespace StellarPay.Frontdoor.Messages;

/// <summary>The port by which messages leave.</summary>
internal interface IMessageTransport
{
    /// <summary>What goes this way.</summary>
    MessageChannel Channel { get; }

    /// <summary>Sends a message; it is sent when this returns.</summary>
    /// <exception cref="MessageRefusedException">It never will be: there is no such recipient.</exception>
    /// <exception cref="Exception">It may be, later.</exception>
    Task SendAsync(Message message, CancellationToken cancellationToken);
}

/// <summary>What was to be sent was refused for good.</summary>
internal sealed class MessageRefusedException(string reason, Exception? inner = null) : Exception(reason, inner);
