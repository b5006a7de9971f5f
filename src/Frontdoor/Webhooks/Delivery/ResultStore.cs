using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>An event that was tried.</summary>
/// <param name="Event">The event.</param>
/// <param name="Answer">How it went.</param>
internal sealed record TriedEvent(OutgoingEvent Event, WebhookAnswer Answer);

/// <summary>Writes how tries went; infra/postgres/migrations/0055_webhooks.sql.</summary>
internal sealed class ResultStore(
    NpgsqlDataSource database, IOptions<PostgresOptions> postgres, IOptions<WebhookOptions> options, LeaseStore leases)
{
    private static readonly TimeSpan LongestProbe = TimeSpan.FromHours(1);

    /// <summary>Writes how tries went and how far the endpoint has come, and goes on having it; says what has become of it.</summary>
    public async Task<EndpointState> SettleAsync(
        EndpointLease lease, IReadOnlyList<TriedEvent> tried, FirstTries progress, CancellationToken cancellationToken)
    {
        var now = options.Value;
        await using var command = database.CreateCommand(
            "SELECT webhook_settle($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(lease.Token);
        command.Parameters.AddWithValue(lease.Revision);
        command.Parameters.AddWithValue(progress.Number);
        command.Parameters.AddWithValue(progress.Ahead);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, TriesOf(lease, tried));
        command.Parameters.AddWithValue(leases.Lease);
        command.Parameters.AddWithValue(now.BreakerFailures);
        command.Parameters.AddWithValue(TimeSpan.FromSeconds(now.BreakerAfterSeconds));
        command.Parameters.AddWithValue(TimeSpan.FromSeconds(now.FirstProbeSeconds));
        command.Parameters.AddWithValue(LongestProbe);
        command.Parameters.AddWithValue(RetrySchedule.GivenUpAfter);
        command.Parameters.AddWithValue(TimeSpan.FromMilliseconds(now.SlowMilliseconds));
        return Enum.Parse<EndpointState>((string)(await command.ExecuteScalarAsync(cancellationToken))!, ignoreCase: true);
    }

    /// <summary>Writes how a test event went; its number in the log.</summary>
    public async Task<long> WriteTestAsync(
        EndpointLease lease, OutgoingEvent test, WebhookAnswer answer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT webhook_tries_write($1, $2, $3, $4)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(
            NpgsqlDbType.Jsonb, JsonSerializer.Serialize(new[] { LineOf(lease, new TriedEvent(test, answer), isTest: true) }));
        command.Parameters.AddWithValue(test.Body);
        if (answer.Outcome == TryOutcome.Succeeded)
        {
            await ProveAsync(lease, cancellationToken);
        }

        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ProveAsync(EndpointLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE webhook_endpoints SET is_proven = true WHERE service_id = $1 AND id = $2 AND revision = $3 AND NOT is_proven");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(lease.Endpoint);
        command.Parameters.AddWithValue(lease.Revision);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string TriesOf(EndpointLease lease, IReadOnlyList<TriedEvent> tried) =>
        JsonSerializer.Serialize(tried.Select(one => LineOf(lease, one, isTest: false)));

    private static object LineOf(EndpointLease lease, TriedEvent tried, bool isTest)
    {
        var (happened, answer) = (tried.Event, tried.Answer);
        var isFailure = answer.Outcome == TryOutcome.Failed && !isTest;
        return new
        {
            number = isTest ? (long?)null : happened.Number,
            event_id = happened.Id,
            type = happened.Type,
            attempt = happened.Attempt,
            unsendable = happened.Problem is not null,
            outcome = WebhookAnswer.NameOf(answer.Outcome),
            url = lease.Url.OriginalString,
            version = lease.ApiVersion,
            headers = answer.RequestHeaders,
            kept_on = isTest || happened.Problem is not null ? (DateOnly?)null : happened.KeptOn,
            status = answer.Status,
            response_headers = answer.Headers,
            response_body = answer.Body,
            started_at = answer.StartedAt,
            took_ms = (int)answer.Took.TotalMilliseconds,
            problem = answer.Problem,
            retry_ms = (long)RetrySchedule.After(happened.Attempt, Chance(), answer.RetryAfter).TotalMilliseconds,
            rest_ms = isFailure ? (long?)RetrySchedule.RestOf(answer.Status, answer.RetryAfter)?.TotalMilliseconds : null,
        };
    }

    // So that what failed together does not come back together.
    private static double Chance() => RandomNumberGenerator.GetInt32(1001) / 1000.0;
}
