using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Messages;

/// <summary>How attempts to send messages end.</summary>
internal static class MessageTelemetry
{
    private static readonly Counter<long> Messages = StellarPayTelemetry.Meter.CreateCounter<long>(
        "stellarpay.messages", "{message}", "Attempts to send messages to people.");

    /// <summary>
    /// One ended: <c>sent</c>, <c>failed</c> for now, <c>refused</c> for good, <c>given_up</c>, <c>unreadable</c>, or not begun:
    /// <c>over_budget</c>.
    /// </summary>
    public static void Ended(MessageChannel channel, string outcome) => Messages.Add(
        1,
        new KeyValuePair<string, object?>("stellarpay.message.channel", MessageOutbox.NameOf(channel)),
        new KeyValuePair<string, object?>("stellarpay.message.outcome", outcome));
}
