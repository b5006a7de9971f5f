using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>An issuer lets a wallet move nothing of its asset, and lets it again (CAP-18).</summary>
public sealed class AssetFreezeTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    // The bug kept away: the balance went on being shown as spendable, and each payment of it was signed and failed.
    [Fact]
    public async Task What_an_issuer_freezes_is_shown_so_refused_before_it_is_signed_and_works_again_afterwards()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        var quote = await payer.QuotedAsync(payee, "1");
        world.Network.ForgetWhatWasAsked();

        world.Network.Authorize(await payer.AddressAsync(), authorized: false);
        await UntilFrozenAsync(payer, true);

        var usdc = await payer.UsdcAsync();
        (usdc.Balance, usdc.Spendable).ShouldBe((1_000_000_000, 0));
        var told = world.EventsOf("wallet.balance_changed")[^1]["data"]!["balances"]!.AsArray()[1]!;
        (told["frozen"]!.GetValue<bool>(), told["spendable"]!.GetValue<string>()).ShouldBe((true, "0.0000000"));
        var refusal = (await payer.QuoteAsync(payee, "1")).Error!;
        (refusal.Kind, refusal.Code, refusal.Param).ShouldBe((ErrorKind.Refused, "asset_frozen", "asset"));
        refusal.Message.ShouldBe(
            "The issuer of USDC has frozen what this wallet holds of it. It can be sent again when the issuer allows it.");
        (await payer.ConfirmAsync(quote.Id)).Error!.Code.ShouldBe("asset_frozen");
        world.Network.Submitted.ShouldBeEmpty();

        world.Network.Authorize(await payer.AddressAsync(), authorized: true);
        await UntilFrozenAsync(payer, false);

        (await payer.UsdcAsync()).Spendable.ShouldBe(990_000_000);
        await payer.ConfirmedAsync(quote.Id);
        await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(990_000_000);
    }

    [Fact]
    public async Task What_waits_to_be_signed_fails_unsigned_when_its_asset_is_frozen()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var signed = await payer.PayAsync(payee, "1");
        var queued = await payer.PayAsync(payee, "2");
        queued.Status.ShouldBe(PaymentStatus.Queued);

        world.Network.Authorize(await payer.AddressAsync(), authorized: false);
        await UntilFrozenAsync(payer, true);
        world.Network.HoldPending(false);

        var failed = await payer.UntilAsync(queued.Id, PaymentStatus.Failed);
        (failed.FailureCode, failed.TransactionHash).ShouldBe(("asset_frozen", null));
        (await payer.UntilAsync(signed.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("op_src_not_authorized");
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    // A contract of the asset can do the same, and no operation shows it.
    [Fact]
    public async Task A_freeze_that_no_operation_shows_is_learnt_from_the_ledgers_refusal_and_its_end_from_the_trustline()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        world.Network.Authorize(await payer.AddressAsync(), authorized: false, byContract: true);

        var paid = await payer.PayAsync(payee, "1");
        (await payer.UntilAsync(paid.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("op_src_not_authorized");

        await UntilFrozenAsync(payer, true);
        (await payer.QuoteAsync(payee, "1")).Error!.Code.ShouldBe("asset_frozen");

        world.Network.Authorize(await payer.AddressAsync(), authorized: true, byContract: true);
        var again = await payer.PayAsync(payee, "1");
        await payer.UntilAsync(again.Id, PaymentStatus.Succeeded);
        (await payer.UsdcAsync()).Frozen.ShouldBeFalse();
    }

    [Fact]
    public async Task What_an_issuer_does_to_somebody_else_or_another_asset_freezes_nothing()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        world.Network.Authorize(world.Network.NewOutsider(), authorized: false);
        var address = await payer.AddressAsync();
        var other = Money.Asset.Parse($"EURC:{world.Network.Issuer}");
        world.Network.Add(ledger => new LedgerOperation(
            (ledger << 32) | 4097, $"{ledger:x64}", null, true, "allow_trust", null, null, null, null, ledger, DateTimeOffset.UnixEpoch,
            Trustline: new LedgerTrustline(address, other, Authorized: false)));
        world.Network.Issue(address, 10_000_000);

        await payer.UntilBalanceAsync(1_010_000_000);

        (await payer.UsdcAsync()).Frozen.ShouldBeFalse();
        var paid = await payer.PayAsync(world.Network.NewOutsider(), "1");
        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
    }

    private static Task UntilFrozenAsync(TestUser user, bool frozen) => TestWorld.UntilAsync(
        async () => (await user.UsdcAsync()).Frozen == frozen, frozen ? "it is frozen" : "it is free");
}
