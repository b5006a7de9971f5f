using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Claims;

/// <summary>What users do with claimable balances.</summary>
internal static class ClaimableUsers
{
    public static Task<Result<PaymentView>> SetAsideAsync(
        this TestUser payer, string destination, string amount, int? days = null, string? key = null, string? memo = null,
        bool claimable = true) =>
        payer.Wallet.QuoteAsync(payer.Id, new QuoteRequest(
            destination, destination, "USDC", amount, memo, key, Claimable: claimable, ReclaimAfterDays: days));

    /// <summary>Sets aside for somebody who has no account, and waits until it is on the ledger and in the balance.</summary>
    public static async Task<PaymentView> SetAsideAndWaitAsync(this TestUser payer, string destination, string amount, int? days = null)
    {
        var quote = await payer.SetAsideAsync(destination, amount, days);
        quote.Error.ShouldBeNull();
        await payer.ConfirmedAsync(quote.Value!.Id);
        await payer.UntilAsync(quote.Value.Id, PaymentStatus.Succeeded);
        await TestWorld.UntilAsync(async () => (await payer.UsdcAsync()).Reserved == 0, "the balance has it");
        return await payer.PaymentAsync(quote.Value.Id);
    }

    public static Task<Result<PaymentView>> ReclaimAsync(this TestUser payer, PaymentView payment) =>
        payer.Wallet.ReclaimAsync(payer.Id, payment.Id);

    /// <summary>Takes back; the network's clock is known to the wallet a second late at most.</summary>
    public static async Task<PaymentView> ReclaimedAsync(this TestUser payer, PaymentView payment)
    {
        await TestWorld.UntilAsync(
            async () => (await payer.ReclaimAsync(payment)).Error?.Code != "not_reclaimable_yet", "it can be taken back");
        return await payer.PaymentAsync(payment.Id);
    }

    public static async Task<PaymentView> UntilAsync(this TestUser payer, PaymentView payment, ClaimStatus status)
    {
        await TestWorld.UntilAsync(
            async () => (await payer.PaymentAsync(payment.Id)).Claimable?.Status == status, $"payment {payment.Id} is {status}");
        return await payer.PaymentAsync(payment.Id);
    }

    /// <summary>Both clocks move on.</summary>
    public static void Pass(this TestWorld world, TimeSpan time)
    {
        world.Business.Advance(time);
        world.Network.AdvanceClock(time);
    }

    public static Claimant Anytime(string address) => new(AccountId.Parse(address), ClaimUnconditional.Instance);

    public static Claimant From(string address, DateTimeOffset time) =>
        new(AccountId.Parse(address), new ClaimNot(new ClaimBeforeAbsoluteTime(time.ToUnixTimeSeconds())));
}
