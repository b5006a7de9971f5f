using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Invitations;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>Somebody who is to be paid once he is here.</summary>
/// <param name="Recipient">An e-mail address, or a phone number in E.164, that nobody has confirmed here.</param>
/// <param name="Asset">XLM, USDC, or any asset of the wallet as CODE:ISSUER.</param>
/// <param name="Amount">A decimal string above zero with at most seven places.</param>
/// <param name="Note">At most 140 characters for the sender himself: it is sent to nobody; or null.</param>
internal sealed record NewInvitationRequest(string? Recipient, string? Asset, string? Amount, string? Note);

/// <summary>An invitation as its sender sees it.</summary>
/// <param name="Object">Always <c>invitation</c>.</param>
/// <param name="Id">The invitation's id, <c>inv_…</c>.</param>
/// <param name="Status">
/// open, due (the name was confirmed in time, and the amount is about to be paid), paying, paid, failed, expired or cancelled.
/// </param>
/// <param name="Recipient">The e-mail address or phone number.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">What is reserved for him, a decimal string.</param>
/// <param name="Note">The sender's note, or null.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when the name can be confirmed; then the amount is the sender's again.</param>
/// <param name="EndedAt">When it was over, or null.</param>
/// <param name="Payment">Its payment, <c>txn_…</c>, once there is one; else null.</param>
/// <param name="FailureCode">Why it could not be paid, or null.</param>
internal sealed record InvitationJson(
    string Object,
    string Id,
    string Status,
    string Recipient,
    string Asset,
    string? Issuer,
    string Amount,
    string? Note,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    string? Payment,
    string? FailureCode)
{
    public static InvitationJson Of(InvitationView invitation, InvitationText text) => new(
        "invitation",
        invitation.Id.Value,
        StatusText.Of(invitation.Status),
        text.Recipient,
        invitation.Amount.Asset.Code,
        invitation.Amount.Asset.Issuer,
        invitation.Amount.ToDecimalString(),
        text.Note,
        invitation.CreatedAt,
        invitation.ExpiresAt,
        invitation.EndedAt,
        invitation.Payment?.Value,
        invitation.FailureCode);
}
