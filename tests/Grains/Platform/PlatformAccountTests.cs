using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform;

public sealed class PlatformAccountTests
{
    private static readonly StellarNetwork OnNetwork = new(FakeNetwork.Passphrase);

    [Fact]
    public async Task A_platform_account_is_made_once_and_funded_by_friendbot()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var account = world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00");

        var first = await Ask(account.EnsureAsync);
        var second = await Ask(account.EnsureAsync);

        second.Value.ShouldBe(first.Value);
        world.Network.Look(l => l.Accounts[first.Value!].Native).ShouldBe(100_000_000_000);
    }

    [Fact]
    public async Task A_fee_bump_carries_the_inner_transaction_unchanged_and_the_bid_of_the_wallet()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        using var payer = SigningKey.Generate();
        var inner = Inner(payer.AccountId).Sign(OnNetwork, payer);

        var bumped = (await BumpAsync(world, inner, 2_000)).Value!;

        var envelope = (FeeBumpTransactionEnvelope)TransactionEnvelope.FromXdrBase64(bumped.Envelope);
        envelope.Transaction.Inner.ShouldBe(inner);
        envelope.Transaction.Fee.ShouldBe(2_000);
        envelope.HashOn(OnNetwork).ToString().ShouldBe(bumped.TransactionHash);
        envelope.IsSignedBy(OnNetwork, envelope.Transaction.FeeSource.AccountId).ShouldBeTrue();
    }

    [Fact]
    public async Task A_fee_account_refuses_what_it_was_not_made_for()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        using var payer = SigningKey.Generate();
        var own = AccountId.Parse((await Ask(world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00").EnsureAsync)).Value!);
        var good = Inner(payer.AccountId).Sign(OnNetwork, payer);
        var bump = FeeBump.Wrap(good, payer.AccountId, 100).Sign(OnNetwork, payer);
        var drain = new TransactionBuilder(payer.AccountId, 1)
            .Add(new PaymentOperation(payer.AccountId, Stellar.Xdr.Asset.Native, 1), own)
            .WithTimeBounds(null, TimeProvider.System.GetUtcNow().AddMinutes(5)).Build();

        (TransactionEnvelope Envelope, long Fee)[] bad =
        [
            (good, 0),
            (good, -5),
            (good, 20_001),
            (new TransactionV1Envelope(good.Transaction, []), 200),
            (Inner(own).Sign(OnNetwork, payer), 200),
            (drain.Sign(OnNetwork, payer), 200),
            (bump, 200),
        ];

        foreach (var (envelope, fee) in bad)
        {
            (await BumpAsync(world, envelope, fee)).Error!.Code.ShouldBe("fee_bump_refused");
        }

        (await BumpTextAsync(world, "not XDR", 200)).Error!.Code.ShouldBe("fee_bump_refused");
        (await BumpAsync(world, good, 20_000)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void Every_wallet_has_its_sponsor_and_fee_account_and_all_of_them_are_used()
    {
        var options = new PlatformOptions();
        var wallets = Enumerable.Range(0, 500).Select(_ => Identifiers.WalletId.New(TimeProvider.System).Value).ToArray();

        wallets.Select(w => PlatformKeys.SponsorOf(w, options)).Distinct().Order().ShouldBe(options.SponsorKeys());
        wallets.Select(w => PlatformKeys.FeeAccountOf(w, options)).Distinct().Order().ShouldBe(options.FeeAccountKeys());
        PlatformKeys.SponsorOf("wal_0123", options).ShouldBe(PlatformKeys.SponsorOf("wal_0123", options));
        Enumerable.Range(0, options.SponsorAccounts).Select(n => PlatformKeys.SponsorOf("wal_0123", options, n)).Order()
            .ShouldBe(options.SponsorKeys());
    }

    private static Transaction Inner(AccountId source) => new TransactionBuilder(source, 1)
        .Add(new PaymentOperation(source, Stellar.Xdr.Asset.Native, Amount.StroopsPerUnit))
        .WithTimeBounds(null, TimeProvider.System.GetUtcNow().AddMinutes(5)).Build();

    private static Task<Result<string>> Ask(Func<CancellationToken, Task<Result<string>>> ensure) => ensure(default);

    private static Task<Result<FeeBumped>> BumpAsync(TestWorld world, TransactionEnvelope envelope, long fee) =>
        BumpTextAsync(world, envelope.ToXdrBase64(), fee);

    private static Task<Result<FeeBumped>> BumpTextAsync(TestWorld world, string envelope, long fee) =>
        world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00").FeeBumpAsync(envelope, fee);
}
