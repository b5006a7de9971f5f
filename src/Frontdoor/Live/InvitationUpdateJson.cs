using StellarPay.Grains.Events;

namespace StellarPay.Frontdoor.Live;

/// <summary>An invitation after a change, as the hub tells it. Whom it is for, <c>GET /v1/invitations/{id}</c> says.</summary>
/// <param name="Object">Always <c>invitation_event</c>.</param>
/// <param name="Invitation">The invitation, <c>inv_…</c>.</param>
/// <param name="Status">Its status after the change.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="ExpiresAt">Until when the name can be confirmed.</param>
/// <param name="EndedAt">When it was over, or null.</param>
/// <param name="Payment">Its payment, once there is one; else null.</param>
/// <param name="FailureCode">Why it could not be paid, or null.</param>
internal sealed record InvitationUpdateJson(
    string Object,
    string Invitation,
    string Status,
    string Asset,
    string? Issuer,
    string Amount,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? Payment,
    string? FailureCode)
{
    public static InvitationUpdateJson Of(InvitationEventData data)
    {
        var asset = Grains.Money.Asset.Parse(data.Asset);
        return new InvitationUpdateJson(
            "invitation_event", data.InvitationId, data.Status, asset.Code, asset.Issuer, data.Amount, data.ExpiresAt, data.EndedAt,
            data.PaymentId, data.FailureCode);
    }
}
