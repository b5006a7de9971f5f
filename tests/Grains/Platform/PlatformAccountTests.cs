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
    public async Task An_account_that_friendbot_funds_for_another_caller_at_the_same_moment_is_there()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        world.Network.FriendbotIsAskedTwice = true;

        var ensured = await Ask(world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00").EnsureAsync);

        ensured.Error.ShouldBeNull();
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
        ];

        foreach (var (envelope, fee) in bad)
        {
            (await BumpAsync(world, envelope, fee)).Error!.Code.ShouldBe("fee_bump_refused");
        }

        (await BumpAsync(world, good, 20_000)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_fee_account_carries_the_reserve_of_a_claimable_balance_and_signs_for_nothing_else()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        using var payer = SigningKey.Generate();
        var own = (await Ask(world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00").EnsureAsync)).Value!;
        var (source, sponsor) = (payer.AccountId, AccountId.Parse(own));
        var other = AccountId.Parse(FakeNetwork.NewAddress());
        Claimant[] claimants = [new(source, ClaimUnconditional.Instance), new(other, ClaimUnconditional.Instance)];
        var create = new CreateClaimableBalanceOperation(Stellar.Xdr.Asset.Native, 1, [.. claimants]);
        var good = SponsoredBalance.Of(own, source.ToString(), create);
        var (begin, end) = (good[0], good[2]);

        var inner = With([.. good]);
        var first = await BumpAsync(world, inner, 2_000);
        var higher = await BumpAsync(world, inner, 20_000);

        var bump = (FeeBumpTransactionEnvelope)TransactionEnvelope.FromXdrBase64(first.Value!.Envelope);
        bump.Transaction.Inner.IsSignedBy(OnNetwork, sponsor).ShouldBeTrue();
        bump.Transaction.Inner.Signatures.Count.ShouldBe(2);
        ((FeeBumpTransactionEnvelope)TransactionEnvelope.FromXdrBase64(higher.Value!.Envelope)).Transaction.Inner
            .ShouldBe(bump.Transaction.Inner);
        var again = await BumpAsync(world, bump.Transaction.Inner, 2_000);
        again.Value!.TransactionHash.ShouldBe(first.Value.TransactionHash);

        var crowd = create with { Claimants = [.. create.Claimants, new Claimant(sponsor, ClaimUnconditional.Instance)] };
        var payment = new PaymentOperation(source, Stellar.Xdr.Asset.Native, 1);
        Operation[][] bad =
        [
            [begin, end],
            [begin, new Operation(null, crowd), end],
            [begin, new Operation(sponsor, create), end],
            [begin, new Operation(other, create), end],
            [begin, new Operation(null, create), new Operation(null, create), end],
            [begin, new Operation(null, create), end, new Operation(sponsor, payment)],
            [begin, new Operation(sponsor, payment), end],
            [begin, new Operation(null, payment), end],
            [begin, new Operation(null, create), new Operation(sponsor, EndSponsoringFutureReservesOperation.Instance)],
            [new Operation(sponsor, new BeginSponsoringFutureReservesOperation(other)), new Operation(null, create), end],
        ];
        foreach (var operations in bad)
        {
            (await BumpAsync(world, With(operations), 2_000)).Error!.Code.ShouldBe("fee_bump_refused");
        }

        TransactionV1Envelope With(Operation[] operations)
        {
            var builder = new TransactionBuilder(source, 1).WithTimeBounds(null, TimeProvider.System.GetUtcNow().AddMinutes(5));
            return operations.Aggregate(builder, (built, operation) => built.Add(operation)).Build().Sign(OnNetwork, payer);
        }
    }

    [Fact]
    public async Task A_fee_account_carries_the_reserve_of_a_new_signer_and_of_nothing_that_hides_behind_one()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        using var payer = SigningKey.Generate();
        using var next = SigningKey.Generate();
        var own = AccountId.Parse((await Ask(world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00").EnsureAsync)).Value!);
        var set = new SetOptionsOperation(
            null, null, null, 0, 1, 1, 1, null, new Signer(SignerKey.Ed25519(next.AccountId), 1));
        TransactionEnvelope Of(params (OperationBody Body, AccountId? Source)[] middle)
        {
            var builder = new TransactionBuilder(payer.AccountId, 1)
                .WithTimeBounds(null, TimeProvider.System.GetUtcNow().AddMinutes(5))
                .Add(new BeginSponsoringFutureReservesOperation(payer.AccountId), own);
            foreach (var (body, source) in middle)
            {
                builder = source is { } other ? builder.Add(body, other) : builder.Add(body);
            }

            return builder.Add(EndSponsoringFutureReservesOperation.Instance).Build().Sign(OnNetwork, payer);
        }

        (await BumpAsync(world, Of((set, null)), 2_000)).IsSuccess.ShouldBeTrue();
        (await BumpAsync(world, Of((set, null), (set, null)), 2_000)).IsSuccess.ShouldBeTrue();
        foreach (var bad in new[]
        {
            Of((set, own)),
            Of((set, null), (set, null), (set, null)),
            Of((set with { SetFlags = 1 }, null)),
            Of((set, null), (new PaymentOperation(payer.AccountId, Stellar.Xdr.Asset.Native, 1), null)),
            Of((set, null), (new PaymentOperation(payer.AccountId, Stellar.Xdr.Asset.Native, 1), own)),
        })
        {
            (await BumpAsync(world, bad, 2_000)).Error!.Code.ShouldBe("fee_bump_refused");
        }
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
        world.Port<FeePayers>().FeeBumpAsync(
            "plt_fees_00", new UnpaidTransaction((TransactionV1Envelope)envelope), fee, innerSigner: null,
            TestContext.Current.CancellationToken);
}
