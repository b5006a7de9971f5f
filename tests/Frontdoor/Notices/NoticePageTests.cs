using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Notices;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Notices;

/// <summary>A page of the feed is one front door's while its notices are made, and no transaction waits for that.</summary>
public sealed class NoticePageTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_one_makes_the_notices_of_a_page_another_finds_nothing_and_no_transaction_is_open()
    {
        var store = await StoreAsync("one-at-a-time");
        var (open, others) = (-1L, false);

        await store.TakePageAsync(NoticeComposer.Types, async _ =>
        {
            open = await CountAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND query LIKE '%notices_read%'");
            await store.TakePageAsync(NoticeComposer.Types, Found, Now, Cancelled);
            return [];
        }, Now, Cancelled);

        open.ShouldBe(0);
        // Where it was written it does not come again, and the next is anybody's.
        await store.TakePageAsync(NoticeComposer.Types, Found, Now, Cancelled);
        others.ShouldBeFalse();
        await AppendAsync("one-at-a-time");
        await store.TakePageAsync(NoticeComposer.Types, Found, Now, Cancelled);
        others.ShouldBeTrue();

        Task<IReadOnlyList<Notice>> Found(NoticePage page)
        {
            others = true;
            return Task.FromResult<IReadOnlyList<Notice>>([]);
        }
    }

    [Fact]
    public async Task A_page_whose_notices_could_not_be_made_is_there_again_at_once()
    {
        var store = await StoreAsync("fails-once");
        await Should.ThrowAsync<IOException>(store.TakePageAsync(
            NoticeComposer.Types, _ => throw new IOException("The key service is away."), Now, Cancelled));
        var found = 0L;

        await store.TakePageAsync(NoticeComposer.Types, page =>
        {
            found = page.Total;
            return Task.FromResult<IReadOnlyList<Notice>>([]);
        }, Now, Cancelled);

        found.ShouldBe(1);
    }

    private DateTimeOffset Now => host.Clock.GetUtcNow();

    // A service of its own, whose feed nobody else follows.
    private async Task<NoticeStore> StoreAsync(string service)
    {
        await AppendAsync(service);
        return ActivatorUtilities.CreateInstance<NoticeStore>(
            host.Services, Options.Create(new PostgresOptions { ServiceId = service, ConnectionString = host.Database.ConnectionString }));
    }

    private async Task AppendAsync(string service)
    {
        await using var command = host.Database.DataSource.CreateCommand("SELECT events_append($1, $2::jsonb)");
        command.Parameters.AddWithValue(service);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(new[]
        {
            new { id = $"evt_{Guid.NewGuid():N}", type = "wallet.credited", at = Now, subject = "pay_of_a_test", owner = "usr_nobody", data = new { } },
        }));
        await command.ExecuteNonQueryAsync(Cancelled);
        // It is read once all older transactions of the whole server are over.
        var deadline = TimeProvider.System.GetTimestamp();
        while (await CountAsync("SELECT count(*) FROM events_read($1, $2::xid8, 9223372036854775807, 1)", service, await PlaceAsync(service)) == 0)
        {
            TimeProvider.System.GetElapsedTime(deadline).ShouldBeLessThan(Patience, "the event is read");
        }
    }

    private async Task<string> PlaceAsync(string service)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT coalesce(max(xid), '0')::text FROM event_cursors WHERE service_id = $1");
        command.Parameters.AddWithValue(service);
        return (string)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task<long> CountAsync(string sql, params string[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }
}
