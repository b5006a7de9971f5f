using StellarPay.Stellar.Xdr;
using static StellarPay.Bench.Fuzzing.XdrSamples;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Every result with every code, and every arm that carries something.</summary>
internal static class ResultSamples
{
    private static readonly ValueList<ClaimAtom> Trades =
    [
        new ClaimOfferAtom(Account(1), 2, Usd, 3, Asset.Native, 4),
        new ClaimOfferAtom(Account(5), 6, Usd, 7, LongAsset, 8) { IsV0 = true },
        new ClaimPoolAtom(Filled(9), Asset.Native, 10, Usd, 11),
    ];

    private static readonly PathPaymentSuccess Path = new(Trades, new SimplePaymentResult(Account(12), Usd, 13));

    public static IReadOnlyList<XdrSample> All =>
    [
        .. Operations().Select(result => XdrSample.Of($"{result.Type}{result.CodeValue}", (OperationResult)result)),
        .. Enum.GetValues<OperationResultCode>().Where(code => code != OperationResultCode.Inner)
            .Select(code => XdrSample.Of($"{code}", new OperationResult(code))),
        .. Enum.GetValues<TransactionResultCode>().Select(code => XdrSample.Of($"{code}", Transaction(code))),
        .. Enum.GetValues<TransactionResultCode>()
            .Where(code => Math.Abs((int)code + 6) != 7)
            .Select(code => XdrSample.Of($"inner{code}", Inner(code))),
        XdrSample.Of("pair", new TransactionResultPair(Filled(14), Transaction(TransactionResultCode.Success))),
    ];

    private static TransactionResult Transaction(TransactionResultCode code) => code switch
    {
        TransactionResultCode.FeeBumpInnerSuccess or TransactionResultCode.FeeBumpInnerFailed =>
            new(200, code, Inner: new InnerTransactionResultPair(Filled(15), Inner(TransactionResultCode.Failed))),
        TransactionResultCode.Success or TransactionResultCode.Failed => new(100, code, Steps(code)),
        _ => new(0, code),
    };

    private static InnerTransactionResult Inner(TransactionResultCode code) =>
        code is TransactionResultCode.Success or TransactionResultCode.Failed ? new(0, code, Steps(code)) : new(1, code);

    private static ValueList<OperationResult> Steps(TransactionResultCode code) => code == TransactionResultCode.Success
        ? [new PaymentResult(PaymentResultCode.Success), new AccountMergeResult(AccountMergeResultCode.Success, 16)]
        : [new PaymentResult(PaymentResultCode.Underfunded), new OperationResult(OperationResultCode.BadAuth)];

    private static IEnumerable<OperationResultBody> Operations() =>
    [
        .. Payments(), .. Offers(), .. Carrying(), .. Plain(),
    ];

    private static IEnumerable<OperationResultBody> Payments() =>
    [
        .. Enum.GetValues<PathPaymentStrictReceiveResultCode>().Select(code => code switch
        {
            PathPaymentStrictReceiveResultCode.Success => new PathPaymentStrictReceiveResult(code, Path),
            PathPaymentStrictReceiveResultCode.NoIssuer => new(code, NoIssuer: Usd),
            _ => new(code),
        }),
        .. Enum.GetValues<PathPaymentStrictSendResultCode>().Select(code => code switch
        {
            PathPaymentStrictSendResultCode.Success => new PathPaymentStrictSendResult(code, Path),
            PathPaymentStrictSendResultCode.NoIssuer => new(code, NoIssuer: LongAsset),
            _ => new(code),
        }),
    ];

    private static IEnumerable<OperationResultBody> Offers()
    {
        var created = new ManageOfferSuccess(Trades, ManageOfferEffect.Created, LedgerSamples.Offer);
        var updated = new ManageOfferSuccess([], ManageOfferEffect.Updated, LedgerSamples.Offer);
        var deleted = new ManageOfferSuccess([Trades[0]], ManageOfferEffect.Deleted);
        return
        [
            .. Enum.GetValues<ManageSellOfferResultCode>()
                .Select(code => new ManageSellOfferResult(code, code == 0 ? created : null)),
            .. Enum.GetValues<ManageSellOfferResultCode>()
                .Select(code => new CreatePassiveSellOfferResult(code, code == 0 ? deleted : null)),
            .. Enum.GetValues<ManageBuyOfferResultCode>()
                .Select(code => new ManageBuyOfferResult(code, code == 0 ? updated : null)),
        ];
    }

    private static IEnumerable<OperationResultBody> Carrying() =>
    [
        .. Enum.GetValues<AccountMergeResultCode>()
            .Select(code => new AccountMergeResult(code, code == 0 ? 17 : null)),
        .. Enum.GetValues<InflationResultCode>()
            .Select(code => new InflationResult(code, code == 0 ? [new InflationPayout(Account(18), 19)] : null)),
        .. Enum.GetValues<CreateClaimableBalanceResultCode>().Select(code =>
            new CreateClaimableBalanceResult(code, code == 0 ? new ClaimableBalanceId(Filled(20)) : null)),
        .. Enum.GetValues<InvokeHostFunctionResultCode>()
            .Select(code => new InvokeHostFunctionResult(code, code == 0 ? Filled(21) : null)),
    ];

    private static IEnumerable<OperationResultBody> Plain() =>
    [
        .. Enum.GetValues<CreateAccountResultCode>().Select(code => new CreateAccountResult(code)),
        .. Enum.GetValues<PaymentResultCode>().Select(code => new PaymentResult(code)),
        .. Enum.GetValues<SetOptionsResultCode>().Select(code => new SetOptionsResult(code)),
        .. Enum.GetValues<ChangeTrustResultCode>().Select(code => new ChangeTrustResult(code)),
        .. Enum.GetValues<AllowTrustResultCode>().Select(code => new AllowTrustResult(code)),
        .. Enum.GetValues<ManageDataResultCode>().Select(code => new ManageDataResult(code)),
        .. Enum.GetValues<BumpSequenceResultCode>().Select(code => new BumpSequenceResult(code)),
        .. Enum.GetValues<ClaimClaimableBalanceResultCode>().Select(code => new ClaimClaimableBalanceResult(code)),
        .. Enum.GetValues<BeginSponsoringFutureReservesResultCode>()
            .Select(code => new BeginSponsoringFutureReservesResult(code)),
        .. Enum.GetValues<EndSponsoringFutureReservesResultCode>()
            .Select(code => new EndSponsoringFutureReservesResult(code)),
        .. Enum.GetValues<RevokeSponsorshipResultCode>().Select(code => new RevokeSponsorshipResult(code)),
        .. Enum.GetValues<ClawbackResultCode>().Select(code => new ClawbackResult(code)),
        .. Enum.GetValues<ClawbackClaimableBalanceResultCode>().Select(code => new ClawbackClaimableBalanceResult(code)),
        .. Enum.GetValues<SetTrustLineFlagsResultCode>().Select(code => new SetTrustLineFlagsResult(code)),
        .. Enum.GetValues<LiquidityPoolDepositResultCode>().Select(code => new LiquidityPoolDepositResult(code)),
        .. Enum.GetValues<LiquidityPoolWithdrawResultCode>().Select(code => new LiquidityPoolWithdrawResult(code)),
        .. Enum.GetValues<ExtendFootprintTtlResultCode>().Select(code => new ExtendFootprintTtlResult(code)),
        .. Enum.GetValues<RestoreFootprintResultCode>().Select(code => new RestoreFootprintResult(code)),
    ];
}
