using System.Text.Json;

namespace StellarPay.Grains.Events;

/// <summary>
/// Data of all events of payment sessions: what their views need as of then, so that whoever renders them asks nobody.
/// </summary>
/// <param name="Object">The session as its merchant's API shows it.</param>
/// <param name="Session">Its id.</param>
/// <param name="Seq">Its number among the session's events, from 1.</param>
/// <param name="Livemode">Whether it is on the public network.</param>
/// <param name="Payment">The payment that changed it, as in the session's list; null where none did.</param>
/// <param name="Details">What the merchant says of the sale, encrypted; null without any.</param>
public sealed record PaymentSessionEventData(
    JsonElement Object, string Session, long Seq, bool Livemode, JsonElement? Payment = null, string? Details = null);
