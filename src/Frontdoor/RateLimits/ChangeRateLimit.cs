using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;

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
}

/// <summary>
/// How often an hour one user changes what is written down for ever and told to him. Asked after he has proven himself, so that whoever has
/// only his session uses up nothing. What takes away what was added here is not counted again: he can do so as often, and at any time.
/// </summary>
internal sealed class ChangeRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    private readonly RateLimit _totp = RateLimit.AnHour("totp_changes", options.Value.SecurityChangesPerUser);
    private readonly RateLimit _passkeys = RateLimit.AnHour("passkey_changes", options.Value.SecurityChangesPerUser);
    private readonly RateLimit _codes = RateLimit.AnHour("recovery_code_changes", options.Value.SecurityChangesPerUser);
    private readonly RateLimit _recipients = RateLimit.AnHour("recipient_changes", options.Value.SecurityChangesPerUser);
    private readonly RateLimit _notices = RateLimit.AnHour("notice_changes", options.Value.SecurityChangesPerUser);
    private readonly RateLimit _contacts = RateLimit.AnHour("contacts", options.Value.ContactsPerUser);
    private readonly RateLimit _schedules = RateLimit.AnHour("schedule_changes", options.Value.ScheduleChangesPerUser);

    /// <summary>Null if there is room for one more change of what protects a user.</summary>
    public ValueTask<Problem?> TakeAsync(SecurityChange what, UserId user) => TakeAsync(
        what switch
        {
            SecurityChange.Totp => _totp,
            SecurityChange.Passkey => _passkeys,
            SecurityChange.RecoveryCodes => _codes,
            SecurityChange.Recipient => _recipients,
            SecurityChange.Notices => _notices,
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "There is no such change."),
        },
        user);

    /// <summary>Null if there is room for one more contact that is added or renamed.</summary>
    public ValueTask<Problem?> TakeContactAsync(UserId user) => TakeAsync(_contacts, user);

    /// <summary>Null if there is room for one more schedule that is made, paused or resumed.</summary>
    public ValueTask<Problem?> TakeScheduleAsync(UserId user) => TakeAsync(_schedules, user);

    private async ValueTask<Problem?> TakeAsync(RateLimit limit, UserId user) =>
        await table.TakeAsync(limit, user.Value) is { } wait
            ? StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }
            : null;
}
