using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Notices;

/// <summary>Each reading of a name under a key that is not at hand is in the audit log for ever: only what is told opens any.</summary>
public sealed class NoticeNamesTests(ForgetfulHost host) : IClassFixture<ForgetfulHost>
{
    [Fact]
    public async Task Whom_nothing_is_told_has_no_name_opened()
    {
        // The bug kept away: each bit of dust from a stranger opened a name, and wrote a row of the audit log.
        var (dusted, silent, told) = (await host.SignUpAsync(), await host.SignUpAsync(), await host.SignUpAsync());
        (await silent.PatchAsync("/v1/me", new { notifications = new { email = new { money = false } }, password = Api.Password })).ShouldBeOk();
        // What the sign-ups have brought about is told, or not, before this is.
        await ReceiveAsync((told, "1"));
        (await host.Messages.NextAsync(told.Email)).Subject.ShouldBe("You received 1 XLM");
        // Each name that is opened from here on is the first of its day.
        await RunAsync("DELETE FROM audit_days");
        var before = (await host.AuditOf(dusted.UserId), await host.AuditOf(silent.UserId), await host.AuditOf(told.UserId));

        await ReceiveAsync((dusted, "0.0000001"), (silent, "5"), (told, "2"));
        (await host.Messages.NextAsync(told.Email)).Subject.ShouldBe("You received 2 XLM");

        (await host.AuditOf(dusted.UserId)).ShouldBe(before.Item1);
        (await host.AuditOf(silent.UserId)).ShouldBe(before.Item2);
        (await host.AuditOf(told.UserId)).Length.ShouldBeGreaterThan(before.Item3.Length, "who is told has his name opened");
    }

    private async Task ReceiveAsync(params (Api Api, string Amount)[] received)
    {
        var events = received.Select(one => new
        {
            id = $"evt_{Guid.NewGuid():N}", type = "wallet.credited", at = host.Clock.GetUtcNow(), subject = "pay_of_a_test",
            owner = one.Api.UserId, data = new { from = "GSTRANGER", amount = one.Amount, asset = "XLM" },
        });
        await RunAsync("SELECT events_append('stellarpay', $1::jsonb)", JsonSerializer.Serialize(events));
    }

    private async Task RunAsync(string sql, params string[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
