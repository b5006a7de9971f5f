using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Frontdoor.Webhooks.Delivery;
using StellarPay.Frontdoor.Webhooks.Endpoints;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Frontdoor.Webhooks.Log;

/// <summary>
/// Sends an endpoint an event that is nobody's, signed and written down as any other, and waits for how that went. A disabled endpoint is
/// sent it, too: so its merchant sees whether it may be enabled.
/// </summary>
internal sealed class TestEvents(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, WebhookSecret secrets, WebhookSender sender, ResultStore results,
    DeliveryLog log, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>The type of such an event.</summary>
    public const string Type = "webhook_endpoint.test";

    private static readonly Problem TooSoon = Problem.Of(new Error(
        ErrorKind.RateLimited, "too_many_requests", "A webhook endpoint is sent one test event in two seconds.",
        RetryAfter: TimeSpan.FromSeconds(2)));

    private static readonly Problem Lost = Problem.OutcomeUnknown(payment: null) with
    {
        Message = "It is not known whether the test event was sent, nor how that went. Send another, under a new key.", RetryAfter = null,
    };

    // For the writes around it.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);

    public async Task<(LoggedTry? Tried, Problem? Problem)> SendAsync(
        WebhookEndpoint endpoint, bool isLive, RequestKey? key, CancellationToken cancellationToken)
    {
        var id = EventId.New(time).Value;
        if (await SecretsOfAsync(endpoint, cancellationToken) is not { } open)
        {
            return (null, WebhookEndpointsApi.NotFound);
        }

        if (!await log.TryTestAsync(endpoint.Id, id, key, cancellationToken))
        {
            return (null, TooSoon);
        }

        // From here on it is sent even if the caller hangs up, within the sender's time: by the key he asks how it went.
        var now = time.GetUtcNow();
        var data = JsonSerializer.SerializeToElement(new
        {
            livemode = isLive, @object = new { id = endpoint.Id, @object = "webhook_endpoint", url = endpoint.Url },
        });
        var happened = new MerchantEvent(0, id, Type, "native", endpoint.Id, endpoint.Revision, now, data, Pending: 1);
        var test = new OutgoingEvent(
            0, happened.Id, Type, endpoint.Id, 1, default, EventRenderer.BodyOf(happened, endpoint.ApiVersion));
        var lease = LeaseOf(endpoint);
        var answer = await sender.SendAsync(lease.Url, test.Id, test.Body, open, CancellationToken.None);
        DeliveryTelemetry.Tried(answer);
        var number = await results.WriteTestAsync(lease, test, answer, CancellationToken.None);
        var read = await log.ListAsync(
            endpoint.Merchant, endpoint.Id, outcome: null, number - 1, isBackwards: true, limit: 1, CancellationToken.None);
        return (read.Single(), null);
    }

    /// <summary>What is said of a test event of which nothing is written down: it goes on, or a front door died before it knew.</summary>
    /// <param name="age">How long ago it was to be sent.</param>
    public Problem NothingKnown(TimeSpan age) =>
        age < TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + Slack ? KeyedRequests.Goes : Lost;

    private async Task<IReadOnlyList<byte[]>?> SecretsOfAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT secret, CASE WHEN old_secret_until > now() THEN old_secret END FROM webhook_endpoints
            WHERE service_id = $1 AND merchant = $2 AND id = $3
            """);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(endpoint.Merchant.Value);
        command.Parameters.AddWithValue(endpoint.Id);
        var stored = new List<byte[]>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            stored.Add(reader.GetFieldValue<byte[]>(0));
            if (!reader.IsDBNull(1))
            {
                stored.Add(reader.GetFieldValue<byte[]>(1));
            }
        }

        var open = new List<byte[]>();
        foreach (var one in stored)
        {
            if (await secrets.OpenAsync(endpoint.Merchant, endpoint.Id, one, cancellationToken) is not { } secret)
            {
                return null;
            }

            open.Add(secret);
        }

        return open;
    }

    private static EndpointLease LeaseOf(WebhookEndpoint endpoint) => new(
        Guid.Empty, endpoint.Id, endpoint.Merchant, new Uri(endpoint.Url), endpoint.EnabledEvents, endpoint.ApiVersion, endpoint.Revision)
    {
        Number = 0, Ahead = [], IsProbe = false, IsSuspect = false, IsProven = true, Replays = false, SealedSecrets = [],
    };
}
