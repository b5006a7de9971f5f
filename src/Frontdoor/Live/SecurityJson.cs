using System.Text.Json;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Frontdoor.Live;

/// <summary>Something that concerns a user's own safety. Not what he did in his wallet, but who came in, or was kept out.</summary>
/// <param name="Object">Always <c>security_event</c>.</param>
/// <param name="Id">The event's id, <c>evt_…</c>.</param>
/// <param name="Type">
/// <c>login</c>, <c>new_device</c>, <c>logout</c>, <c>session_revoked</c>, <c>locked_out</c>, <c>contact_confirmed</c>,
/// <c>contact_changed</c>, <c>contact_change_undone</c>, <c>password_reset</c>,
/// <c>second_factor_added</c>, <c>second_factor_removed</c>, <c>second_factor_locked</c>, <c>recovery_code_used</c>,
/// <c>recovery_codes_replaced</c>, <c>recipient_added</c>, <c>recipient_removed</c>, <c>recipient_changed</c>,
/// <c>notices_changed</c>, <c>merchant_key_created</c>, <c>merchant_key_rotated</c>, <c>merchant_key_changed</c>,
/// <c>merchant_key_revoked</c>, <c>merchant_key_due</c>, <c>merchant_people_changed</c>, <c>merchant_webhook_secrets_known</c>,
/// <c>merchant_signing_required</c>, <c>merchant_signing_optional</c>,
/// <c>wallet_key_rotating</c>, <c>wallet_key_rotated</c> or <c>wallet_key_rotation_failed</c>; there may be more one day.
/// </param>
/// <param name="Session">The session that it is about, or null.</param>
/// <param name="Reason">
/// Why a session was ended: <c>logout</c>, <c>revoked</c> by its user from elsewhere, <c>displaced</c> by newer ones,
/// <c>reuse</c> of a refresh token, or <c>factor_guesses</c> or <c>password_guesses</c> in it; else null.
/// </param>
/// <param name="Until">Until when the account is locked, or the session where one is named; or null.</param>
/// <param name="OccurredAt">When it happened.</param>
internal sealed record SecurityJson(
    string Object, string Id, string Type, string? Session, string? Reason, DateTimeOffset? Until, DateTimeOffset OccurredAt)
{
    /// <summary>What the names of such events begin with.</summary>
    public const string Prefix = "security.";

    public static SecurityJson Of(FeedEvent happened) => new(
        "security_event",
        happened.EventId,
        TypeOf(happened.Type),
        SessionOf(happened),
        TextOf(happened, "reason"),
        happened.Data.TryGetProperty("until", out var until) ? until.GetDateTimeOffset() : null,
        happened.OccurredAt);

    /// <summary>The session that an event is about.</summary>
    public static string? SessionOf(FeedEvent happened) => TextOf(happened, "sessionId");

    /// <summary>When the last access token of a session is over that was ended; null where the event does not say.</summary>
    public static DateTimeOffset? AccessEndsAt(FeedEvent happened) =>
        happened.Data.TryGetProperty("accessEndsAt", out var at) ? at.GetDateTimeOffset() : null;

    // What happens to a wallet's key is the wallet's event, and its owner's safety.
    private static string TypeOf(string type) => type.StartsWith(Prefix, StringComparison.Ordinal)
        ? type[Prefix.Length..]
        : type.Replace('.', '_');

    private static string? TextOf(FeedEvent happened, string name) =>
        happened.Data.ValueKind == JsonValueKind.Object
        && happened.Data.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
