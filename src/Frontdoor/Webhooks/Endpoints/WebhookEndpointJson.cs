using System.Text.Json.Serialization;

namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>A webhook endpoint in Stripe's shape.</summary>
/// <param name="Id">Its id, <c>we_…</c>.</param>
/// <param name="Object">Always <c>webhook_endpoint</c>.</param>
/// <param name="ApiVersion">By which version events are written for it; fixed when it is made.</param>
/// <param name="Application">Always null.</param>
/// <param name="Created">Since when it is, in seconds of Unix time.</param>
/// <param name="Description">What its merchant says of it, or null.</param>
/// <param name="EnabledEvents">What it is sent.</param>
/// <param name="Livemode">Whether payments are real.</param>
/// <param name="Metadata">What he writes beside it.</param>
/// <param name="Status"><c>enabled</c> or <c>disabled</c>.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Stellarpay">What Stripe has no field for.</param>
/// <param name="Secret">What calls are signed with: shown when it is made and when it is replaced, and never again.</param>
internal sealed record WebhookEndpointJson(
    string Id,
    string Object,
    string ApiVersion,
    string? Application,
    long Created,
    string? Description,
    string[] EnabledEvents,
    bool Livemode,
    IReadOnlyDictionary<string, string> Metadata,
    string Status,
    string Url,
    WebhookEndpointExtraJson Stellarpay,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null)
{
    public static WebhookEndpointJson Of(
        WebhookEndpoint endpoint, bool isLive, DateTimeOffset now, string? secret = null, string? warning = null) => new(
        endpoint.Id,
        "webhook_endpoint",
        endpoint.ApiVersion,
        null,
        endpoint.CreatedAt.ToUnixTimeSeconds(),
        endpoint.Description,
        endpoint.EnabledEvents,
        isLive,
        endpoint.Metadata,
        endpoint.IsEnabled ? "enabled" : "disabled",
        endpoint.Url,
        new WebhookEndpointExtraJson(
            endpoint.DisabledReason,
            endpoint.OpenUntil is not { } until ? "closed" : until > now ? "open" : "half_open",
            endpoint.FailingSince?.ToUnixTimeSeconds(),
            endpoint.OldSecretUntil?.ToUnixTimeSeconds(),
            endpoint.IsReplaying,
            [
                .. endpoint.Skipped.Select(skip => new SkippedEventsJson(
                    skip.From, skip.To, skip.Count, skip.Since.ToUnixTimeSeconds(), skip.Until?.ToUnixTimeSeconds())),
            ],
            warning),
        secret);
}

/// <summary>What Stripe's endpoints have no field for.</summary>
/// <param name="DisabledReason"><c>merchant</c>, <c>gone</c> (it answered 410) or <c>failing</c> (for three days); null while it is enabled.</param>
/// <param name="Breaker"><c>closed</c>, <c>open</c> (it is left alone for a while) or <c>half_open</c> (it is tried with one event at a time).</param>
/// <param name="FailingSince">Since when nothing has succeeded; null where the last try did.</param>
/// <param name="OldSecretUntil">Until when the secret before signs, too; null where it does not.</param>
/// <param name="Replaying">Whether events of before are being sent again.</param>
/// <param name="Skipped">What it was not sent while it was disabled, the latest first; of a list empty.</param>
/// <param name="Warning">What its merchant may not have meant; null where there is nothing.</param>
internal sealed record WebhookEndpointExtraJson(
    string? DisabledReason,
    string Breaker,
    long? FailingSince,
    long? OldSecretUntil,
    bool Replaying,
    IReadOnlyList<SkippedEventsJson> Skipped,
    string? Warning);

/// <summary>What an endpoint was not sent while it was disabled; a replay brings it.</summary>
/// <param name="From">The first event; null where there is none yet.</param>
/// <param name="To">The last; null while the endpoint is disabled.</param>
/// <param name="Count">How many of the merchant's events those are; null while it is disabled.</param>
/// <param name="Since">From when on.</param>
/// <param name="Until">Until when; null while it is disabled.</param>
internal sealed record SkippedEventsJson(string? From, string? To, long? Count, long Since, long? Until);

/// <summary>A webhook endpoint that was removed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>webhook_endpoint</c>.</param>
/// <param name="Deleted">Always true.</param>
internal sealed record DeletedEndpointJson(string Id, string Object, bool Deleted);

/// <summary>A webhook endpoint to be.</summary>
/// <param name="Url">Where it is: https, on the public internet; where payments are not real http, too.</param>
/// <param name="EnabledEvents">
/// What it is sent: types of events, or <c>*</c> for all of Stripe's; <c>payment_session.*</c> and <c>payment.success</c> are to be named.
/// </param>
/// <param name="Description">What is said of it: at most 500 characters.</param>
/// <param name="Metadata">Up to 50 keys of 40 characters with values of 500.</param>
/// <param name="ApiVersion">By which version events are written for it; the newest unless it is named.</param>
internal sealed record NewEndpointRequest(
    string? Url, string[]? EnabledEvents, string? Description, Dictionary<string, string?>? Metadata, string? ApiVersion);

/// <summary>What is to be changed of a webhook endpoint; what is left out stays.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="EnabledEvents">What it is sent.</param>
/// <param name="Description">What is said of it; empty for nothing.</param>
/// <param name="Metadata">Merged with what there is; an empty value drops its key.</param>
/// <param name="Disabled">Whether it is to be sent nothing; enabled again, it is sent what happens from then on.</param>
internal sealed record EndpointChangeRequest(
    string? Url, string[]? EnabledEvents, string? Description, Dictionary<string, string?>? Metadata, bool? Disabled);

/// <summary>How a secret is replaced.</summary>
/// <param name="ExpiresIn">For how many seconds the one before signs, too: 0 to 86400; a day if it is left out.</param>
internal sealed record RollSecretRequest(int? ExpiresIn);
