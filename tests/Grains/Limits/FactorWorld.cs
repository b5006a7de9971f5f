using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Limits;

/// <summary>A world with the product's own limits, which depend on whether a user has a second factor.</summary>
public sealed class FactorWorld : SharedWorld
{
    protected override void Configure(IServiceCollection services) => services.Configure<LimitOptions>(options =>
        (options.Tiers, options.DailyWithoutFactor) = (new TierTable(), new LimitOptions().DailyWithoutFactor));
}

/// <summary>What users do who have a second factor, or have none.</summary>
internal static class FactorUsers
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A user whose wallet knows that he has a second factor.</summary>
    public static async Task<TestUser> NewProtectedUserAsync(this TestWorld world, string usdc)
    {
        var user = await world.NewUserAsync(usdc);
        (await user.TellAsync(true, 1)).ShouldBeTrue();
        return user;
    }

    /// <summary>Tells the wallet, as the host of a silo does; he has had the factor for long, unless it is said since when.</summary>
    public static Task<bool> TellAsync(this TestUser user, bool isSet, long version, DateTimeOffset? since = null) =>
        user.Wallet.AsReference<IWalletInternal>().SetSecondFactorAsync(
            user.Id, isSet, version, isSet ? since ?? DateTimeOffset.UnixEpoch : null);

    /// <summary>Quotes and confirms in one call.</summary>
    public static Task<Result<PaymentView>> PayAtOnceAsync(
        this TestUser user, string destination, string amount, PayerProof proof, string? key = null) =>
        user.Wallet.QuoteAsync(
            user.Id, new QuoteRequest(destination, destination, "USDC", amount, null, key, ConfirmsAtOnce: true, Proof: proof), Cancelled);

    /// <summary>Pays, and waits until it is in the balance.</summary>
    public static async Task<PaymentView> PaidAsync(this TestUser user, string destination, string amount, PayerProof proof)
    {
        var paid = await user.PayAtOnceAsync(destination, amount, proof);
        paid.Error.ShouldBeNull();
        await user.UntilAsync(paid.Value!.Id, PaymentStatus.Succeeded);
        await TestWorld.UntilAsync(async () => (await user.UsdcAsync()).Reserved == 0, "the balance has it");
        return paid.Value;
    }
}
