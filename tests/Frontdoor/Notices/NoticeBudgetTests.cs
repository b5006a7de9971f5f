using System.Text.Json;
using StellarPay.Frontdoor.Notices;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Notices;

/// <summary>
/// Nothing is sent that was not taken of the day. The bug kept away: of somebody whose day was used up the first ten of an hour were left
/// unsaid, and the ten after those were sent all the same, each hour, past the budgets of all.
/// </summary>
public sealed class NoticeBudgetTests(NoticeBudgetTests.OneADayHost host) : IClassFixture<NoticeBudgetTests.OneADayHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whose_day_is_used_up_is_sent_nothing_more_however_many_there_are()
    {
        var api = await host.SignUpAsync();

        await HappenAsync(api, 25);
        await HappenAsync(api, 25);

        // Nine of the first ten are left unsaid, and what is beyond the hour's ten is counted for its end.
        await Eventually.UntilAsync(async () => await CountAsync(api, "sent + withheld") == 41, "all are counted");
        (await CountAsync(api, "sent")).ShouldBe(1);
        host.Clock.Advance(NoticeStore.Window);
        await HappenAsync(api, 25);
        await Eventually.UntilAsync(async () => await CountAsync(api, "sent + withheld") == 66, "all of the next hour are counted");
        (await CountAsync(api, "sent")).ShouldBe(1);
        // What is counted as sent is on its way.
        await Eventually.UntilAsync(() => Task.FromResult(ToldOf(api) > 0), "he is told");
        ToldOf(api).ShouldBe(1);
    }

    private int ToldOf(Api api) => host.Messages.All.Count(
        message => message.To == api.Email && message.Subject.StartsWith("You received", StringComparison.Ordinal));

    private async Task<int> CountAsync(Api api, string column)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            $"SELECT coalesce(sum({column}), 0)::integer FROM identity.notice_counts WHERE user_id = $1 AND kind = 'money email'");
        command.Parameters.AddWithValue(api.UserId);
        return (int)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task HappenAsync(Api api, int count)
    {
        var outbox = Enumerable.Range(0, count).Select(_ => new
        {
            id = $"evt_{Guid.NewGuid():N}", type = "wallet.credited", at = host.Clock.GetUtcNow(), subject = "pay_of_a_test", owner = api.UserId,
            data = new { from = "GSTRANGER", amount = "1.0000000", asset = "XLM" },
        });
        await using var command = host.Database.DataSource.CreateCommand("SELECT events_append('stellarpay', $1::jsonb)");
        command.Parameters.AddWithValue(JsonSerializer.Serialize(outbox));
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    public sealed class OneADayHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new() { ["StellarPay:Messages:Budgets:NoticeEmailsPerUser"] = "1" };
    }
}
