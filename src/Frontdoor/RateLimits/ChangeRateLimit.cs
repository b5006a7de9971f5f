using System.Security.Claims;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>What a user changes of what protects him.</summary>
internal enum SecurityChange
{
    /// <summary>An authenticator is begun; each that is confirmed and removed was.</summary>
    Totp,

    /// <summary>A passkey is begun; each that is stored and removed was.</summary>
    Passkey,

    /// <summary>New recovery codes.</summary>
    RecoveryCodes,

    /// <summary>Whom a contact pays.</summary>
    Recipient,

    /// <summary>What he is told of.</summary>
    Notices,

    /// <summary>A key of a merchant's is made, exchanged or changed.</summary>
    MerchantKeys,

    /// <summary>Somebody is invited to a merchant, or becomes something else to him.</summary>
    MerchantPeople,

    /// <summary>Where what a merchant gives back of a payment goes.</summary>
    RefundAddress,
}

/// <summary>
/// How often an hour one session changes what is written down for ever and told to its user, and all of his together three times as often:
/// whoever has found one of them uses up that one's alone, and the owner undoes in another what was done. (Who logs in as him has as many
/// sessions as he likes.) What takes away what was added here is not counted again: he can do so as often, and at any time.
/// </summary>
internal sealed class ChangeRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    // As much as three sessions of his.
    private const int SessionsOfUser = 3;

    private readonly ChangeLimit _totp = ChangeLimit.Of("totp_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _passkeys = ChangeLimit.Of("passkey_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _codes = ChangeLimit.Of("recovery_code_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _recipients = ChangeLimit.Of("recipient_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _notices = ChangeLimit.Of("notice_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _merchantKeys = ChangeLimit.Of("merchant_key_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _merchantPeople = ChangeLimit.Of("merchant_people_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _refundAddresses = ChangeLimit.Of("refund_address_changes", options.Value.SecurityChangesPerSession);
    private readonly ChangeLimit _contacts = ChangeLimit.Of("contacts", options.Value.ContactsPerSession);
    private readonly ChangeLimit _schedules = ChangeLimit.Of("schedule_changes", options.Value.ScheduleChangesPerSession);

    /// <summary>
    /// Null if there is room for one more change of what protects a user. Asked after he has proven himself: whoever has only a session
    /// uses up nothing.
    /// </summary>
    public ValueTask<Problem?> TakeAsync(SecurityChange what, ClaimsPrincipal caller) => TakeAsync(
        what switch
        {
            SecurityChange.Totp => _totp,
            SecurityChange.Passkey => _passkeys,
            SecurityChange.RecoveryCodes => _codes,
            SecurityChange.Recipient => _recipients,
            SecurityChange.Notices => _notices,
            SecurityChange.MerchantKeys => _merchantKeys,
            SecurityChange.MerchantPeople => _merchantPeople,
            SecurityChange.RefundAddress => _refundAddresses,
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "There is no such change."),
        },
        caller);

    /// <summary>Null if there is room for one more contact that is added or renamed.</summary>
    public ValueTask<Problem?> TakeContactAsync(ClaimsPrincipal caller) => TakeAsync(_contacts, caller);

    /// <summary>Null if there is room for one more schedule that is made or resumed.</summary>
    public ValueTask<Problem?> TakeScheduleAsync(ClaimsPrincipal caller) => TakeAsync(_schedules, caller);

    // The session first: what it is refused takes nothing of its user's, however many ask at once. Nobody makes up a session.
    private async ValueTask<Problem?> TakeAsync(ChangeLimit limit, ClaimsPrincipal caller) =>
        (await table.TakeAsync(limit.Session, caller.SessionId()!) ?? await table.TakeAsync(limit.User, caller.UserId().Value)) is { } wait
            ? StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }
            : null;

    /// <summary>What a session may, and what all of its user's together.</summary>
    private sealed record ChangeLimit(RateLimit User, RateLimit Session)
    {
        public static ChangeLimit Of(string name, int most)
        {
            var session = RateLimit.AnHour($"{name}_session", most);
            return new ChangeLimit(session.For(name, SessionsOfUser), session);
        }
    }
}
