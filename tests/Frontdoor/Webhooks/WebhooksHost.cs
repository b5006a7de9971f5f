using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Webhooks.Targets;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>A front door that may call this machine, numbers merchants' events itself, and finds names where the test says.</summary>
public class WebhooksHost : FrontdoorHost
{
    /// <summary>What names resolve to, and how often somebody asked.</summary>
    internal FakeNames Names { get; } = new();

    protected override Dictionary<string, string?> Settings => new()
    {
        ["StellarPay:Webhooks:AllowLoopback"] = "true",
        // As long as it may be: on a busy machine a receiver that a test holds, or that is slow, is not to be given up meanwhile.
        ["StellarPay:Webhooks:TimeoutSeconds"] = "30",
        ["StellarPay:Webhooks:BreakerAfterSeconds"] = "3600",
        ["StellarPay:EventStreams:HeartbeatSeconds"] = "1",
    };

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<ResolveName>(Names.ResolveAsync);
        services.AddStellarPayProjections();
    }

    /// <summary>Appends events of a merchant, as grains do.</summary>
    internal async Task AppendAsync(TestMerchant merchant, params TestEvent[] events)
    {
        await using var command = Database.DataSource.CreateCommand("SELECT events_append('stellarpay', $1::jsonb)");
        command.Parameters.AddWithValue(JsonSerializer.Serialize(events.Select(one => new
        {
            id = one.Id, type = one.Type, at = one.At, subject = one.Session, owner = merchant.Id,
            data = new
            {
                @object = new { id = one.Session, @object = "payment_session", description = one.Description, amount_fiat = 1999, tx_hash = "ab12" },
                session = one.Session,
                seq = one.Sequence,
                livemode = false,
                details = one.Details,
            },
        })));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until so many of a merchant's events are numbered.</summary>
    internal Task UntilNumberedAsync(TestMerchant merchant, long many) => Eventually.UntilAsync(
        async () => await ScalarAsync<long>("SELECT count(*) FROM merchant_events WHERE merchant = $1", merchant.Id) >= many,
        $"{many} events are numbered");

    /// <summary>
    /// Waits until nobody serves an endpoint, and all that was sent to it is written down: what is changed of it before that may be
    /// written over, or be no news to who serves it.
    /// </summary>
    internal Task UntilIdleAsync(string endpoint) => Eventually.UntilAsync(
        () => ScalarAsync<bool>("SELECT taken_by IS NULL FROM webhook_cursors WHERE endpoint = $1", endpoint), "nobody is at it");

    /// <summary>An endpoint is one that has taken something before: others are sent one event at a time.</summary>
    internal Task ProveAsync(string endpoint) => RunAsync("UPDATE webhook_endpoints SET is_proven = true WHERE id = $1", endpoint);

    internal async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    internal async Task RunAsync(string sql, params object[] values)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

/// <summary>An event to append.</summary>
internal sealed record TestEvent(string Session, long Sequence, string Type = "payment_session.created")
{
    public string Id { get; init; } = Grains.Identifiers.EventId.New(TimeProvider.System).Value;

    public DateTimeOffset At { get; init; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What its merchant said of the sale, encrypted; null for nothing.</summary>
    public string? Details { get; init; }

    public string Description { get; init; } = "Café \"10.0\"/€";

    public static string NewSession() => Grains.Identifiers.PaymentSessionId.New(TimeProvider.System).Value;
}

/// <summary>Names as the test has them.</summary>
internal sealed class FakeNames
{
    private readonly Dictionary<string, Queue<IPAddress[]>> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _asked = [];
    private readonly Lock _lock = new();

    /// <summary>The names that were asked for.</summary>
    public string[] Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>What a name resolves to: one after the other, and the last for ever.</summary>
    public void Set(string name, params string[] addresses)
    {
        lock (_lock)
        {
            _answers[name] = new Queue<IPAddress[]>(addresses.Select(all => all.Split(' ').Select(IPAddress.Parse).ToArray()));
        }
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _asked.Add(host);
            return Task.FromResult(
                !_answers.TryGetValue(host, out var answers) ? (host == "localhost" ? [IPAddress.Loopback] : [])
                : answers.Count > 1 ? answers.Dequeue() : answers.Peek());
        }
    }
}
