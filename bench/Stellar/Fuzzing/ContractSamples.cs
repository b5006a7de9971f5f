using StellarPay.Stellar.Xdr;
using static StellarPay.Bench.Fuzzing.XdrSamples;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Every contract value and address, host function and authorisation.</summary>
internal static class ContractSamples
{
    private static readonly ScAddress Contract = new ScContractAddress(Filled(1));

    private static readonly InvokeContractArgs Transfer =
        new(Contract, "transfer", [new ScAddressVal(new ScAccountAddress(Account(2))), new ScI128(-3)]);

    private static readonly ContractIdPreimage ByAddress = new ContractIdFromAddress(Contract, Filled(4));

    public static ValueList<HostFunction> Functions { get; } =
    [
        new InvokeContractFunction(Transfer),
        new CreateContractFunction(new CreateContractArgs(ByAddress, new ContractExecutable(Filled(5)))),
        new UploadWasmFunction([0, 0x61, 0x73, 0x6d, 1, 0]),
        new CreateContractFunction(new CreateContractArgs(
            new ContractIdFromAsset(Usd), new ContractExecutable(null), [new ScU32(6)])),
    ];

    public static ValueList<SorobanAuthorizationEntry> Authorizations { get; } =
    [
        new(null, new SorobanAuthorizedInvocation(
            new SorobanAuthorizedFunction(Transfer),
            [
                new(new SorobanAuthorizedFunction(
                    new CreateContractArgs(ByAddress, new ContractExecutable(Filled(7)))), []),
                new(new SorobanAuthorizedFunction(
                    new CreateContractArgs(ByAddress, new ContractExecutable(null), [])), []),
            ])),
        new(
            new SorobanAddressCredentials(Contract, -8, 9, new ScVec([new ScBytes([1, 2, 3])])),
            new SorobanAuthorizedInvocation(new SorobanAuthorizedFunction(Transfer), [])),
    ];

    public static IReadOnlyList<XdrSample> All =>
    [
        .. Values().Select((value, i) => XdrSample.Of($"{value.Type}{i}", value)),
        .. Authorizations.Select((entry, i) => XdrSample.Of($"{i}", entry)),
        XdrSample.Of("native", Asset.Native),
        XdrSample.Of("alphanum4", Usd),
        XdrSample.Of("alphanum12", LongAsset),
    ];

    private static IEnumerable<ScVal> Values() => [.. Numbers(), .. Objects()];

    private static IEnumerable<ScVal> Numbers() =>
    [
        new ScBool(true),
        ScVoid.Instance,
        new ScErrorVal(new ScError(ScErrorType.Contract, 0xfeedface)),
        new ScErrorVal(new ScError(ScErrorType.Budget, (uint)ScErrorCode.ExceededLimit)),
        new ScU32(uint.MaxValue),
        new ScI32(-2),
        new ScU64(ulong.MaxValue),
        new ScI64(-3),
        new ScTimepoint(4),
        new ScDuration(5),
        new ScU128(new UInt128(6, 7)),
        new ScI128(Int128.MinValue + 8),
        new ScU256(Filled(9)),
        new ScI256(Filled(0xff)),
    ];

    private static IEnumerable<ScVal> Objects() =>
    [
        new ScBytes([1, 2, 3, 4, 5]),
        new ScString("žluťoučký"),
        new ScSymbol("symbol_of_exactly_thirty_two_cha"),
        new ScVec([new ScU32(1), new ScVec([])]),
        new ScVec(null),
        new ScMap([new ScMapEntry(new ScSymbol("k"), new ScBool(false))]),
        new ScMap(null),
        new ScAddressVal(new ScAccountAddress(Account(10))),
        new ScAddressVal(Contract),
        new ScAddressVal(new ScMuxedAddress(Account(11), 12)),
        new ScAddressVal(new ScClaimableBalanceAddress(new ClaimableBalanceId(Filled(13)))),
        new ScAddressVal(new ScLiquidityPoolAddress(Filled(14))),
        new ScContractInstance(new ContractExecutable(Filled(15)), null),
        new ScContractInstance(new ContractExecutable(null), [new ScMapEntry(new ScU32(16), ScVoid.Instance)]),
        ScLedgerKeyContractInstance.Instance,
        new ScLedgerKeyNonce(-17),
    ];
}
