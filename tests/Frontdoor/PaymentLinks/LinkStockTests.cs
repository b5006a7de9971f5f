using System.Net;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.PaymentLinks;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.PaymentLinks;

/// <summary>
/// What a link sells is promised to one payer a piece, and to the next when he does not pay. The bug kept away: one sold twice.
/// </summary>
[Collection<SessionHostCollection>]
public sealed class LinkStockTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PaymentLinkStore Store => host.Services.GetRequiredService<PaymentLinkStore>();

    [Fact]
    public async Task Of_twenty_at_once_one_has_the_last_piece_and_when_he_gives_up_the_next_has_it()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount = 1000, currency = "USD", stock = 1 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PayAsync(link)));

        var won = answers.Where(answer => answer.Status == HttpStatusCode.SeeOther).ShouldHaveSingleItem();
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict && answer.Text.Contains("\"payment_link_sold_out\"", StringComparison.Ordinal))
            .ShouldBe(19);
        (await link.SessionsAsync()).ShouldBe(1);
        (await link.StockAsync()).ShouldBe((0, 0));
        (await link.PageWithAsync("Sold out")).ShouldNotContain("<form");
        (await link.PayAsync()).Text.ShouldContain("Sold out");

        (await shop.Server.PostAsync($"/v1/payment_sessions/{won.Location!.AbsolutePath["/checkout/".Length..]}/cancel")).ShouldBeOk();

        // At once, whether or not anybody has swept.
        await link.SessionAsync();
        (await link.PayAsync(asProgram: true)).Text.ShouldContain("\"payment_link_sold_out\"");
    }

    [Fact]
    public async Task A_piece_that_is_paid_is_sold_and_one_whose_time_is_over_is_there_again()
    {
        var shop = await PaidShop.OpenAsync(host);
        var link = await OpenLink.NewAsync(shop, new { amount_decimal = "3", currency = "USDC", stock = 20 });
        var payer = await host.PayerAsync("20");
        var (paid, left) = (await link.SessionAsync(), await link.SessionAsync());
        for (var n = 0; n < 18; n++)
        {
            (await TakeAsync(link, PaymentSessionId.New(TimeProvider.System), $"somebody {n}")).ShouldBe("taken");
        }

        (await link.StockAsync()).ShouldBe((0, 0));

        var to = paid.GetProperty("pay_to");
        (await payer.PostAsync(
            "/v1/payments",
            new
            {
                recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = "3", memo = to.GetProperty("memo").GetString(), confirm = true,
            },
            Api.NewKey())).ShouldBeOk();
        await shop.UntilAsync(paid.GetProperty("id").GetString()!, "paid");
        await Eventually.UntilAsync(
            async () =>
            {
                await Store.SettleAsync(1000, PaymentLinkStore.Lost, Cancelled);
                return await link.StockAsync() == (0, 1);
            },
            "the piece is sold");

        host.Clock.Advance(TimeSpan.FromSeconds(901));
        await host.LetLedgersCatchUpAsync();
        await Eventually.UntilAsync(
            async () =>
            {
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                return (await shop.SessionAsync(left.GetProperty("id").GetString()!)).GetProperty("status").GetString() == "expired";
            },
            "the other is expired");
        await Eventually.UntilAsync(
            async () =>
            {
                await Store.SettleAsync(1000, PaymentLinkStore.Lost, Cancelled);
                return await link.StockAsync() == (1, 1);
            },
            "its piece is there again");
        await link.SessionAsync();
        (await link.PayAsync(asProgram: true)).Text.ShouldContain("\"payment_link_sold_out\"");
    }

    [Fact]
    public async Task One_address_holds_five_unpaid_pieces_and_keeps_nobody_else_from_his()
    {
        var link = await OpenLink.NewAsync(await PaidShop.OpenAsync(host), new { amount = 1000, currency = "USD", stock = 60 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PayAsync(link)));

        answers.Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(5);
        answers.Count(answer => answer.Text.Contains("\"payment_link_too_many_unpaid\"", StringComparison.Ordinal)).ShouldBe(3);
        var (status, _, page) = await link.PayAsync();
        (status, page.Contains("Please pay first what you have begun", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Conflict, true));
        (await TakeAsync(link, PaymentSessionId.New(TimeProvider.System), "somebody else")).ShouldBe("taken");
        (await link.StockAsync()).ShouldBe((54, 0));
    }

    [Fact]
    public async Task A_piece_whose_session_was_never_made_is_there_again_after_a_while_and_that_of_an_open_one_is_not()
    {
        var link = await OpenLink.NewAsync(await PaidShop.OpenAsync(host), new { amount = 1000, currency = "USD", stock = 2 });
        await link.SessionAsync();
        // As a front door that was killed before it asked for the session.
        (await TakeAsync(link, PaymentSessionId.New(TimeProvider.System), "somebody else")).ShouldBe("taken");
        (await TakeAsync(link, PaymentSessionId.New(TimeProvider.System), "a third")).ShouldBe("sold_out");

        await Store.SettleAsync(1000, PaymentLinkStore.Lost, Cancelled);
        (await link.StockAsync()).ShouldBe((0, 0));
        await Store.SettleAsync(1000, TimeSpan.Zero, Cancelled);
        (await link.StockAsync()).ShouldBe((1, 0));
        (await TakeAsync(link, PaymentSessionId.New(TimeProvider.System), "a third")).ShouldBe("taken");
    }

    // Who waits for half a second for those before him is told to come again, and does.
    private static async Task<(HttpStatusCode Status, Uri? Location, string Text)> PayAsync(OpenLink link)
    {
        var answer = await link.PayAsync(asProgram: true);
        await Eventually.UntilAsync(
            async () => !answer.Text.Contains("\"payment_link_busy\"", StringComparison.Ordinal)
                || !(answer = await link.PayAsync(asProgram: true)).Text.Contains("\"payment_link_busy\"", StringComparison.Ordinal),
            "his turn comes");
        return answer;
    }

    private Task<string> TakeAsync(OpenLink link, PaymentSessionId session, string holder) =>
        Store.TakeAsync(
            PaymentLinkId.Parse(link.Id), session, new LinkHolder(holder, $"around {holder}"), tier: 0, host.Clock.GetUtcNow(), Cancelled);
}
