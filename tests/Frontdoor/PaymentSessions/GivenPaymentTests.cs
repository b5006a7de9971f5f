using System.Text.Json;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>What went wrong at others when payers' money came by unusual ways (given 2 and 3).</summary>
[Collection<SessionHostCollection>]
public sealed class GivenPaymentTests(SessionHost host)
{
    // Given 2: a strict send was credited at what its sender spent.
    [Fact]
    public async Task A_path_payment_counts_for_what_arrives_and_not_for_what_was_spent()
    {
        var shop = await PaidShop.OpenAsync(host);
        var checkout = await OpenCheckout.NewAsync(shop, new { amount_decimal = "50", currency = "USDC" });
        var request = await checkout.ScanAsync("USDC");
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "60");
        using var maker = await OutsidersWallet.OpenAsync(host.Sandbox, "1");
        var junk = Asset.Credit("JUNK", payer.Account);
        await maker.SubmitAsync(Memo.None, new ChangeTrustOperation(junk, long.MaxValue));
        // Three stroops of USDC for 50 JUNK, and no more.
        await maker.SubmitAsync(Memo.None, new ManageSellOfferOperation(request.Asset, junk, 3, new Price(500_000_000, 3), 0));
        var shopsAddress = MuxedAccount.Parse(request.Destination);

        await payer.SubmitAsync(request.Memo, new PathPaymentStrictSendOperation(junk, 500_000_000, shopsAddress, request.Asset, 1, []));
        await Eventually.UntilAsync(
            async () => (await shop.SessionAsync(checkout.Id)).GetProperty("amount_received_decimal").GetString() == "0.0000003", "dust came");
        (await shop.SessionAsync(checkout.Id)).GetProperty("rest").GetString().ShouldBe("49.9999997");
        await payer.SubmitAsync(
            request.Memo, new PathPaymentStrictReceiveOperation(request.Asset, 500_000_000, shopsAddress, request.Asset, 499_999_997, []));

        await shop.UntilAsync(checkout.Id, "paid");
        var paid = await shop.SessionAsync(checkout.Id);
        (paid.GetProperty("received").GetString(), paid.GetProperty("overpaid").GetBoolean()).ShouldBe(("50.0000000", false));
    }

    // Given 3: what came without a memo was matched by its amount, or by nobody for ever.
    [Fact]
    public async Task What_names_no_session_is_matched_by_nobodys_amount_and_is_seen_as_nobodys()
    {
        var (one, other) = (await PaidShop.OpenAsync(host), await PaidShop.OpenAsync(host));
        var forty = await OpenCheckout.NewAsync(one, new { amount_decimal = "40", currency = "XLM" });
        var more = await OpenCheckout.NewAsync(other, new { amount_decimal = "75", currency = "XLM" });
        var (toOne, toOther) = (await forty.ScanAsync("XLM"), await more.ScanAsync("XLM"));
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "1");

        await payer.SubmitAsync(Memo.None, new PaymentOperation(MuxedAccount.Parse(toOther.Destination), Asset.Native, 750_000_000));
        await payer.SubmitAsync(
            new MemoText("pay_00000000000000000000"),
            new PaymentOperation(MuxedAccount.Parse(toOne.Destination), Asset.Native, 400_000_000));

        await UntilUnallocatedAsync(other, "75.0000000");
        await UntilUnallocatedAsync(one, "40.0000000");
        (await one.SessionAsync(forty.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
        (await other.SessionAsync(more.Id)).GetProperty("payment_count").GetInt32().ShouldBe(0);
    }

    private static async Task UntilUnallocatedAsync(PaidShop shop, string amount)
    {
        JsonElement? balance = null;
        await Eventually.UntilAsync(
            async () => (balance = await shop.BalanceAsync("XLM"))?.GetProperty("unallocated").GetString() == amount, "it is nobody's");
        balance!.Value.GetProperty("available").GetString().ShouldBe("0.0000000");
    }
}
