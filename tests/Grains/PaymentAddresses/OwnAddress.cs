using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.PaymentAddresses;

/// <summary>What payers and strangers do at an address of a session's own, and what becomes of it.</summary>
internal static class OwnAddress
{
    private const long Unit = TestMerchant.Unit;

    public static LedgerOperation Send(
        TestMerchant shop, PaymentSessionView session, long stroops, string? from = null, string? asset = null, string? fromMuxed = null)
    {
        var paid = new Amount(Asset.Parse(asset ?? shop.World.Network.Usdc), stroops);
        var payer = from ?? shop.World.Network.NewOutsider();
        return shop.World.Network.Add(sequence =>
        {
            shop.World.Network.Ledger.Accounts[session.Own!.Address].Add(paid.Asset.Canonical, stroops);
            return new LedgerOperation(
                (sequence << 32) | 4097, $"{sequence:x64}", null, true, "payment", payer, session.Own.Address, paid, null, sequence,
                shop.World.Network.Ledger.ClosedAt, FromMuxed: fromMuxed);
        });
    }

    public static bool TrySend(TestMerchant shop, PaymentSessionView session, long stroops)
    {
        var takes = shop.World.Network.Look(ledger => ledger.Accounts.TryGetValue(session.Own!.Address, out var account)
            && account.Trustlines.TryGetValue(shop.World.Network.Usdc, out var line) && line.Balance + stroops <= line.Limit);
        if (takes)
        {
            Send(shop, session, stroops);
        }

        return takes;
    }

    public static bool IsThere(TestMerchant shop, PaymentSessionView session) =>
        shop.World.Network.Look(ledger => ledger.Accounts.ContainsKey(session.Own!.Address));

    /// <summary>How many transactions the account made.</summary>
    public static int SweepsOf(TestMerchant shop, PaymentSessionView session) => shop.World.Network.Look(
        ledger => ledger.Outcomes.Count(outcome => outcome.Source == session.Own!.Address));

    public static async Task UntilClosedAsync(TestMerchant shop, PaymentSessionView session)
    {
        await shop.UntilAsync(
            session.Id, view => view.Own is { Status: PaymentAddressStatus.Closed, Awaits: false }, "its account is given up");
        IsThere(shop, session).ShouldBeFalse();
    }

    /// <summary>Until ten units have paid the session, and are booked once.</summary>
    public static async Task UntilSweptAsync(TestMerchant shop, PaymentSessionView session)
    {
        await shop.World.UntilAfterSweepsAsync(
            async () => (await shop.ViewAsync(session.Id)).Status == PaymentSessionStatus.Paid, "it is paid");
        await shop.World.UntilAfterSweepsAsync(() => Task.FromResult(!IsThere(shop, session)), "the account is no more");
        await shop.World.UntilAfterSweepsAsync(
            async () => await shop.BookAsync() is { OnLedger: 10 * Unit, Available: 99 * Unit / 10, Unallocated: 0 }, "it is booked");
        (await shop.ViewAsync(session.Id)).PaymentCount.ShouldBe(1);
    }
}
