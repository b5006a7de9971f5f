using System.Globalization;
using Npgsql;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Grains.Network;

namespace StellarPay.Frontdoor.Health;

/// <summary>Looks at what a request needs. An answer is good for a second, so that many who ask cost no more than one.</summary>
internal sealed partial class Readiness(
    NpgsqlDataSource database, IEventFeed feed, IGrainFactory grains, TimeProvider time, ILogger<Readiness> logger) : IDisposable
{
    public const string Fine = "ok";

    /// <summary>What comes in from the network: trouble with it makes a front door no less able to answer.</summary>
    public const string Incoming = "incoming";

    /// <summary>Whether what happened reaches those who wait for it: trouble that shuts no door either.</summary>
    public const string Events = "events";

    private const long TolerableLagSeconds = 60;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyDictionary<string, string>? _checks;
    private long _checkedAt;

    public async Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_checks is null || time.GetElapsedTime(_checkedAt) > GoodFor)
            {
                _checks = await LookAsync();
                _checkedAt = time.GetTimestamp();
            }

            return _checks;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyDictionary<string, string>> LookAsync()
    {
        var queries = TryAsync("database", async () =>
        {
            await using var command = database.CreateCommand("SELECT count(*) FROM identity.signing_keys");
            await command.ExecuteScalarAsync();
            return Fine;
        });
        FollowerStatus? status = null;
        var follower = TryAsync("silo", async () =>
        {
            status = await grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).GetStatusAsync();
            return status.Running ? Fine : "the follower is not reading";
        });
        var events = TryAsync(Events, async () => EventsOf(await feed.ReadHeldAsync(CancellationToken.None)));
        var database_ = await queries;
        var reads = await follower;

        // A follower that answers but does not read is the network's fault, not the silo's.
        var answers = reads is Fine or "the follower is not reading";
        return new Dictionary<string, string>
        {
            ["database"] = database_,
            ["silo"] = answers ? Fine : reads,
            ["network"] = answers ? reads : "unknown",
            [Incoming] = status is null ? "unknown" : IncomingOf(status),
            [Events] = await events,
        };
    }

    private static string EventsOf(TimeSpan held) => held > IEventFeed.TolerableDelay
        ? string.Create(CultureInfo.InvariantCulture, $"held back for {(long)held.TotalSeconds} s by a transaction that is still writing")
        : Fine;

    private static string IncomingOf(FollowerStatus status) =>
        status.HaltReason is not null ? "everything that pays is halted until an operator resumes it"
        : status.Parked > 0 ? $"{status.Parked} operations are parked"
        : status.SetAside > 0 ? $"{status.SetAside} rows that owners told each other are set aside"
        : status.LagSeconds > TolerableLagSeconds ? $"{status.LagLedgers} ledgers behind the network"
        : Fine;

    private async Task<string> TryAsync(string what, Func<Task<string>> look)
    {
        try
        {
            return await look().WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogFailed(logger, e, what);
            return "does not answer";
        }
    }

    [LoggerMessage(EventId = 5301, Level = LogLevel.Warning, Message = "The {What} does not answer.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string what);
}
