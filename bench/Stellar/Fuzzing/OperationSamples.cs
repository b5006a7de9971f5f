using StellarPay.Stellar.Xdr;
using static StellarPay.Bench.Fuzzing.XdrSamples;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Every operation, with every option that changes its shape.</summary>
internal static class OperationSamples
{
    public static ClaimPredicate Nested { get; } = new ClaimAnd(
    [
        new ClaimOr([new ClaimBeforeAbsoluteTime(1_800_000_000), new ClaimBeforeRelativeTime(86_400)]),
        new ClaimNot(ClaimUnconditional.Instance),
    ]);

    public static IReadOnlyList<XdrSample> All => [.. Named().Select(Sample)];

    private static XdrSample Sample((string Name, Operation Operation) sample) =>
        XdrSample.Of(sample.Name, sample.Operation);

    private static IEnumerable<(string Name, Operation Operation)> Named() =>
    [
        .. Payments(), .. Offers(), .. Accounts(), .. Trust(), .. Claims(), .. Sponsorships(), .. Contracts(),
    ];

    private static IEnumerable<(string Name, Operation Operation)> Payments()
    {
        var muxed = new MuxedAccount(Account(2), 0x0102030405060708);
        yield return ("createAccount", new CreateAccountOperation(Account(1), 100_0000000));
        yield return ("createAccountFrom", new Operation(muxed, new CreateAccountOperation(Account(1), 5)));
        yield return ("paymentNative", new PaymentOperation(new MuxedAccount(Account(1)), Asset.Native, 12_5000000));
        yield return ("paymentCredit", new PaymentOperation(muxed, Usd, 1));
        yield return ("paymentLongFrom", new Operation(Account(3), new PaymentOperation(muxed, LongAsset, long.MaxValue)));
        yield return ("pathPaymentStrictReceive", new PathPaymentStrictReceiveOperation(
            Usd, 110_0000000, Account(4), LongAsset, 100_0000000, [Asset.Native, Usd]));
        yield return ("pathPaymentStrictSend", new PathPaymentStrictSendOperation(
            Asset.Native, 7, muxed, Usd, 6, [LongAsset]));
        yield return ("accountMerge", new AccountMergeOperation(muxed));
    }

    private static IEnumerable<(string Name, Operation Operation)> Offers()
    {
        yield return ("manageSellOffer", new ManageSellOfferOperation(Usd, LongAsset, 1_0000000, new Price(3, 7), 99));
        yield return ("manageBuyOffer", new ManageBuyOfferOperation(LongAsset, Asset.Native, 2, new Price(10, 9), 0));
        yield return ("createPassiveSellOffer", new CreatePassiveSellOfferOperation(
            Asset.Native, Usd, 123, new Price(1, 2)));
        yield return ("liquidityPoolDeposit", new LiquidityPoolDepositOperation(
            Filled(5), 1, 2, new Price(3, 4), new Price(5, 6)));
        yield return ("liquidityPoolWithdraw", new LiquidityPoolWithdrawOperation(Filled(5), 1, 2, 3));
    }

    private static IEnumerable<(string Name, Operation Operation)> Accounts()
    {
        yield return ("setOptionsNothing", new SetOptionsOperation(null, null, null, null, null, null, null, null, null));
        yield return ("setOptionsAll", new SetOptionsOperation(
            Account(6), 1, 2, 3, 4, 5, 6, "example.org", new Signer(SignerKey.Ed25519(Account(7)), 8)));
        yield return ("setOptionsPreAuthTx", Signer(SignerKey.PreAuthTx(Filled(8))));
        yield return ("setOptionsHashX", Signer(SignerKey.HashX(Filled(9))));
        yield return ("setOptionsSignedPayload", Signer(SignerKey.SignedPayload(Account(10), [1, 2, 3, 4, 5])));
        yield return ("manageData", new ManageDataOperation("name", Bytes.Create("value"u8)));
        yield return ("manageDataRemove", new ManageDataOperation("a name", null));
        yield return ("bumpSequence", new BumpSequenceOperation(77_777_777_777));
        yield return ("inflation", InflationOperation.Instance);
    }

    private static SetOptionsOperation Signer(SignerKey key) =>
        new(null, null, null, null, null, null, null, null, new Signer(key, 1));

    private static IEnumerable<(string Name, Operation Operation)> Trust()
    {
        yield return ("changeTrust", new ChangeTrustOperation(Usd, long.MaxValue));
        yield return ("changeTrustPool", new ChangeTrustOperation(ChangeTrustAsset.PoolShare(Pool), 0));
        yield return ("allowTrust", new AllowTrustOperation(Account(11), AssetCode.Parse("USD"), 1));
        yield return ("allowTrustLong", new AllowTrustOperation(Account(11), AssetCode.Parse("LONGASSET123"), 2));
        yield return ("setTrustLineFlags", new SetTrustLineFlagsOperation(Account(12), Usd, 1, 2));
        yield return ("clawback", new ClawbackOperation(Usd, Account(13), 14));
    }

    private static IEnumerable<(string Name, Operation Operation)> Claims()
    {
        var balance = new ClaimableBalanceId(Filled(15));
        yield return ("createClaimableBalance", new CreateClaimableBalanceOperation(
            Usd, 16, [new Claimant(Account(17), ClaimUnconditional.Instance), new Claimant(Account(18), Nested)]));
        yield return ("claimClaimableBalance", new ClaimClaimableBalanceOperation(balance));
        yield return ("clawbackClaimableBalance", new ClawbackClaimableBalanceOperation(balance));
    }

    private static IEnumerable<(string Name, Operation Operation)> Sponsorships()
    {
        yield return ("beginSponsoringFutureReserves", new BeginSponsoringFutureReservesOperation(Account(19)));
        yield return ("endSponsoringFutureReserves", new Operation(Account(19), EndSponsoringFutureReservesOperation.Instance));
        foreach (var key in LedgerSamples.Keys)
            yield return ($"revokeSponsorship{key.Type}", new RevokeSponsorshipOperation(key));
        yield return ("revokeSponsorshipSigner", new RevokeSponsorshipOperation(
            new SponsoredSigner(Account(20), SignerKey.HashX(Filled(21)))));
    }

    private static IEnumerable<(string Name, Operation Operation)> Contracts()
    {
        foreach (var function in ContractSamples.Functions)
            yield return ($"invokeHostFunction{function.Type}", new InvokeHostFunctionOperation(function, []));
        yield return ("invokeHostFunctionWithAuth", new InvokeHostFunctionOperation(
            ContractSamples.Functions[0], ContractSamples.Authorizations));
        yield return ("extendFootprintTtl", new ExtendFootprintTtlOperation(22));
        yield return ("restoreFootprint", RestoreFootprintOperation.Instance);
    }
}
