using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Webhooks.Targets;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>Looks at what is asked of endpoints before it is done.</summary>
internal sealed class WebhookEndpointDesk(
    WebhookEndpointStore store, WebhookTargets targets, WebhookSecret secrets, IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int LongestDescription = 500;
    private const int MostTries = 5;

    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(1);

    private static readonly Problem ChangedMeanwhile = Problem.Of(new Error(
        ErrorKind.Conflict, "webhook_endpoint_changed", "The webhook endpoint is being changed by others. Please try again."));

    public async Task<(WebhookEndpointJson? Endpoint, Problem? Problem)> CreateAsync(
        MerchantCaller caller, NewEndpointRequest request, CancellationToken cancellationToken)
    {
        if (request.Url is null || request.EnabledEvents is null)
        {
            return (null, Problem.Missing(request.Url is null ? "url" : "enabled_events"));
        }

        var version = request.ApiVersion ?? EventVersions.Newest;
        if (!EventVersions.All.Contains(version))
        {
            return (null, Problem.Invalid(
                "parameter_invalid", $"'api_version' is one of {string.Join(", ", EventVersions.All)}.", "api_version"));
        }

        var blank = new WebhookEndpoint(
            WebhookEndpointId.New(time).Value, caller.Merchant, "", [], null, new Dictionary<string, string>(), version,
            IsEnabled: true, time.GetUtcNow());
        var change = new EndpointChangeRequest(request.Url, request.EnabledEvents, request.Description, request.Metadata, Disabled: null);
        var (endpoint, problem) = await ChangedAsync(blank, change, cancellationToken);
        if (endpoint is null)
        {
            return (null, problem);
        }

        var secret = WebhookSecret.New();
        if (!await store.AddAsync(
            endpoint, await secrets.SealAsync(caller.Merchant, endpoint.Id, secret, cancellationToken), caller.Actor, caller.Key,
            cancellationToken))
        {
            return (null, Problem.Of(new Error(
                ErrorKind.Refused, "too_many_webhook_endpoints",
                $"You can have {options.Value.EndpointsPerMerchant} webhook endpoints. Please remove one first.")));
        }

        return (await ShownAsync(endpoint, caller, secret, cancellationToken), null);
    }

    public async Task<(WebhookEndpointJson? Endpoint, Problem? Problem)> UpdateAsync(
        MerchantCaller caller, string id, EndpointChangeRequest request, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (!WebhookEndpointId.TryParse(id, out _) || await store.FindAsync(caller.Merchant, id, cancellationToken) is not { } before)
            {
                return (null, WebhookEndpointsApi.NotFound);
            }

            var (endpoint, problem) = await ChangedAsync(before, request, cancellationToken);
            if (endpoint is null)
            {
                return (null, problem);
            }

            // What is merged is merged with what was read.
            var isEnabled = request.Disabled is { } disabled && disabled == before.IsEnabled ? !disabled : (bool?)null;
            if (!await store.UpdateAsync(endpoint, isEnabled, caller.Key, cancellationToken))
            {
                continue;
            }

            return await store.FindAsync(caller.Merchant, id, cancellationToken) is { } now
                ? (await ShownAsync(now, caller, secret: null, cancellationToken), null)
                : (null, WebhookEndpointsApi.NotFound);
        }

        return (null, ChangedMeanwhile);
    }

    public async Task<(WebhookEndpointJson? Endpoint, Problem? Problem)> RollAsync(
        MerchantCaller caller, string id, RollSecretRequest request, CancellationToken cancellationToken)
    {
        var overlap = request.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : LongestOverlap;
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap)
        {
            return (null, Problem.Invalid(
                "parameter_invalid", FormattableString.Invariant($"'expires_in' is from 0 to {LongestOverlap.TotalSeconds} seconds."), "expires_in"));
        }

        if (!WebhookEndpointId.TryParse(id, out _) || await store.FindAsync(caller.Merchant, id, cancellationToken) is null)
        {
            return (null, WebhookEndpointsApi.NotFound);
        }

        var secret = WebhookSecret.New();
        return await store.RollAsync(
                caller.Merchant, id, await secrets.SealAsync(caller.Merchant, id, secret, cancellationToken), overlap, caller.Actor,
                caller.Key, cancellationToken)
            && await store.FindAsync(caller.Merchant, id, cancellationToken) is { } now
                ? (await ShownAsync(now, caller, secret, cancellationToken), null)
                : (null, WebhookEndpointsApi.NotFound);
    }

    private async Task<(WebhookEndpoint? Endpoint, Problem? Problem)> ChangedAsync(
        WebhookEndpoint endpoint, EndpointChangeRequest change, CancellationToken cancellationToken)
    {
        if (change.Description is { } description)
        {
            if (description.Length > LongestDescription || description.Contains('\0', StringComparison.Ordinal))
            {
                return (null, Problem.Invalid(
                    "parameter_invalid", $"'description' has at most {LongestDescription} characters.", "description"));
            }

            endpoint = endpoint with { Description = description.Length > 0 ? description : null };
        }

        var (metadata, wrong) = EndpointMetadata.Merge(endpoint.Metadata, change.Metadata);
        if (metadata is null)
        {
            return (null, Problem.Invalid("parameter_invalid", wrong!, "metadata"));
        }

        if (change.EnabledEvents is { } asked)
        {
            var (events, problem) = EnabledEvents.Read(asked);
            if (events is null)
            {
                return (null, Problem.Invalid("parameter_invalid", problem!, "enabled_events"));
            }

            endpoint = endpoint with { EnabledEvents = events };
        }

        // The last: it asks others.
        if (change.Url is { } url && (url != endpoint.Url || url.Length == 0))
        {
            if (await targets.ProblemOfAsync(url, cancellationToken) is { } problem)
            {
                return (null, Problem.Invalid("url_invalid", problem, "url"));
            }

            endpoint = endpoint with { Url = url };
        }

        return (endpoint with { Metadata = metadata }, null);
    }

    private async Task<WebhookEndpointJson> ShownAsync(
        WebhookEndpoint endpoint, MerchantCaller caller, byte[]? secret, CancellationToken cancellationToken)
    {
        var warning = await store.IsDoubleAsync(caller.Merchant, endpoint.Id, endpoint.Url, cancellationToken)
            ? "Another of your webhook endpoints has this URL: it gets what both ask for twice."
            : null;
        return WebhookEndpointJson.Of(
            endpoint, caller.IsLive, time.GetUtcNow(), secret is null ? null : WebhookSecret.TextOf(secret), warning);
    }
}
