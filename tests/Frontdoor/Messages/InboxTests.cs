using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Development;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Messages;

/// <summary>The inbox of development; that it is in front doors of development only is <see cref="OutboxTests"/>' to say.</summary>
public sealed class InboxTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_found_by_whom_it_is_for_newest_first()
    {
        var inbox = NewInbox();
        await inbox.KeepAsync(To("one@example.com", "11111111"), Cancelled);
        await inbox.KeepAsync(To("other@example.com", "22222222"), Cancelled);
        await inbox.KeepAsync(To("One@example.com", "33333333"), Cancelled);

        var found = await ReadAsync(inbox, "ONE@example.com");

        found.Select(message => message.Code).ShouldBe(["33333333", "11111111"]);
        (await ReadAsync(inbox, "one@example.com", long.Parse(found[1].Id, null))).Select(message => message.Code).ShouldBe(["33333333"]);
        (await ReadAsync(inbox, "nobody@example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_waits_is_given_what_comes_also_by_another_front_door()
    {
        var (here, elsewhere) = (NewInbox(), NewInbox());
        var waiting = here.ReadAsync("late@example.com", 0, 20, TimeSpan.FromSeconds(60), Cancelled);
        waiting.IsCompleted.ShouldBeFalse();

        await elsewhere.KeepAsync(To("late@example.com", "44444444"), Cancelled);

        (await waiting).ShouldHaveSingleItem().Code.ShouldBe("44444444");
    }

    [Fact]
    public async Task It_keeps_the_newest_ten_thousand()
    {
        var inbox = NewInbox();
        await inbox.KeepAsync(To("first@example.com", "55555555"), Cancelled);
        await using var skip = host.Database.DataSource.CreateCommand(
            "SELECT setval(pg_get_serial_sequence('identity.development_inbox', 'id'), max(id) + 9998) FROM identity.development_inbox");
        await skip.ExecuteNonQueryAsync(Cancelled);
        await inbox.KeepAsync(To("next@example.com", "66666666"), Cancelled);
        (await ReadAsync(inbox, "first@example.com")).ShouldHaveSingleItem();

        await inbox.KeepAsync(To("last@example.com", "77777777"), Cancelled);

        (await ReadAsync(inbox, "first@example.com")).ShouldBeEmpty();
    }

    private static Task<IReadOnlyList<InboxMessageJson>> ReadAsync(DevelopmentInbox inbox, string to, long after = 0) =>
        inbox.ReadAsync(to, after, 20, TimeSpan.Zero, Cancelled);

    private static Message To(string to, string code) => new("msg_x", MessageChannel.Email, to, "Code", code, code);

    private DevelopmentInbox NewInbox() =>
        new(host.Database.DataSource, host.Services.GetRequiredService<MessageSeal>(), TimeProvider.System);
}
