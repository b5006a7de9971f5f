using Microsoft.Extensions.Options;

namespace StellarPay.Frontdoor.Messages;

/// <summary>
/// By what messages leave here: what is set, else what was added, which is the inbox of development. A channel without any is not
/// offered: who could be reached by it alone cannot sign up.
/// </summary>
internal sealed partial class MessageTransports
{
    private readonly Dictionary<MessageChannel, IMessageTransport> _transports;

    public MessageTransports(
        IOptions<MessageOptions> options,
        IEnumerable<IMessageTransport> added,
        TimeProvider time,
        ILogger<MessageTransports> logger)
    {
        _transports = added.ToDictionary(transport => transport.Channel);
        if (options.Value.Smtp.IsSet)
        {
            _transports[MessageChannel.Email] = new SmtpTransport(options.Value.Smtp);
        }

        if (options.Value.Sms.IsSet)
        {
            _transports[MessageChannel.Sms] = new SmsWebhook(options.Value.Sms, time);
        }

        foreach (var channel in Enum.GetValues<MessageChannel>().Where(channel => !_transports.ContainsKey(channel)))
        {
            LogNotOffered(logger, channel);
        }
    }

    public IEnumerable<IMessageTransport> All => _transports.Values;

    /// <summary>Whether messages of this kind can be sent.</summary>
    public bool Offers(MessageChannel channel) => _transports.ContainsKey(channel);

    [LoggerMessage(EventId = 5601, Level = LogLevel.Warning, Message = "Nothing sends messages by {Channel}: who has no other contact cannot sign up.")]
    private static partial void LogNotOffered(ILogger logger, MessageChannel channel);
}
