using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>Where a merchant is called, as it stands.</summary>
/// <param name="Id">Its id, <c>we_…</c>.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Url">Where it is.</param>
/// <param name="EnabledEvents">What it is sent.</param>
/// <param name="Description">What its merchant says of it, or null.</param>
/// <param name="Metadata">What he writes beside it.</param>
/// <param name="ApiVersion">By which version events are written for it.</param>
/// <param name="IsEnabled">Whether it is sent anything.</param>
/// <param name="CreatedAt">Since when it is.</param>
internal sealed record WebhookEndpoint(
    string Id, MerchantId Merchant, string Url, string[] EnabledEvents, string? Description, IReadOnlyDictionary<string, string> Metadata,
    string ApiVersion, bool IsEnabled, DateTimeOffset CreatedAt)
{
    /// <summary>Why it is disabled: <c>merchant</c>, <c>gone</c> or <c>failing</c>.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Until when the secret before the present one signs, too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>Since when nothing has succeeded; null where the last try did.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until when its breaker is open; in the past, it is tried with one event at a time; null where it is closed.</summary>
    public DateTimeOffset? OpenUntil { get; init; }

    /// <summary>Whether events of before are being sent again.</summary>
    public bool IsReplaying { get; init; }

    /// <summary>Which change of the row this is.</summary>
    public long Revision { get; init; }

    /// <summary>What it was not sent while it was disabled, the latest first.</summary>
    public IReadOnlyList<SkippedEvents> Skipped { get; init; } = [];
}

/// <summary>What an endpoint was not sent while it was disabled.</summary>
/// <param name="From">The first event; null where there was none yet.</param>
/// <param name="To">The last; null while it is disabled.</param>
/// <param name="Count">How many of the merchant's events those are; null while it is disabled.</param>
/// <param name="Since">From when on.</param>
/// <param name="Until">Until when; null while it is disabled.</param>
internal sealed record SkippedEvents(string? From, string? To, long? Count, DateTimeOffset Since, DateTimeOffset? Until);
