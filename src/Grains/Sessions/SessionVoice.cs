using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Events;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Sessions;

/// <summary>Says of sessions what their events say.</summary>
internal sealed class SessionVoice(MerchantClocks clocks, IOptions<NetworkOptions> network)
{
    /// <summary>The clock of events.</summary>
    public TimeProvider Business => clocks.Business;

    /// <summary>An event's data: the session as it is now, and what changed it.</summary>
    public JsonElement Say(string session, PaymentSessionState state, SessionPayment? payment) => EventJson.Write(
        new PaymentSessionEventData(
            PaymentSessionJson.Of(PaymentSessionViews.Of(session, state), network.Value.IsLive), session, state.Sequence,
            network.Value.IsLive, payment is null ? null : PaymentSessionJson.Of(payment, [], state.RefundAddresses),
            state.Details?.Sealed));

    /// <summary>An event's data: a refund as it is now.</summary>
    public JsonElement Say(string session, PaymentSessionState state, RefundView refund) => EventJson.Write(
        new PaymentSessionEventData(
            RefundJson.Of(refund, network.Value.IsLive), session, state.Sequence, network.Value.IsLive, Details: refund.Metadata));
}
