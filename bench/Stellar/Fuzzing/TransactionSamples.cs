using StellarPay.Stellar.Xdr;
using static StellarPay.Bench.Fuzzing.XdrSamples;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Transactions with every memo and precondition, and every envelope.</summary>
internal static class TransactionSamples
{
    private static readonly Operation Pay = new PaymentOperation(new MuxedAccount(Account(1)), Asset.Native, 1);

    private static readonly ValueList<DecoratedSignature> Signatures =
    [
        new(0x01020304, Bytes.Create(new byte[64])),
        new(0x05060708, [9, 9, 9]),
    ];

    public static IReadOnlyList<XdrSample> All =>
    [
        .. Memos().Select(memo => Envelope($"memo{memo.Type}", memo, Preconditions.None)),
        .. Conditions().Select(c => Envelope($"preconditions{c.Name}", Memo.None, c.Conditions)),
        XdrSample.Of<TransactionEnvelope>("v0", new TransactionV0Envelope(
            new TransactionV0(Filled(2), 300, 4, new TimeBounds(5, 6), new MemoText("v0"), [Pay, Pay]), Signatures)),
        XdrSample.Of<TransactionEnvelope>("feeBump", new FeeBumpTransactionEnvelope(Bump(), [Signatures[1]])),
        XdrSample.Of<TransactionEnvelope>("soroban", Soroban(null)),
        XdrSample.Of<TransactionEnvelope>("sorobanArchived", Soroban([0, 2])),
        XdrSample.Of("tx", new TransactionSignaturePayload(Filled(3), Plain(Memo.None, Preconditions.None))),
        XdrSample.Of("bump", new TransactionSignaturePayload(Filled(3), Bump())),
        XdrSample.Of<HashIdPreimage>("operation", new OperationIdPreimage(Account(4), 5, 6)),
        XdrSample.Of<HashIdPreimage>("poolRevoke", new PoolRevokeIdPreimage(Account(4), 5, 6, Filled(7), Usd)),
        XdrSample.Of<HashIdPreimage>("contract", new ContractIdHashPreimage(Filled(8), new ContractIdFromAsset(Usd))),
        XdrSample.Of<HashIdPreimage>("authorization", new SorobanAuthorizationPreimage(
            Filled(8), -9, 10, ContractSamples.Authorizations[0].RootInvocation)),
    ];

    private static XdrSample Envelope(string name, Memo memo, Preconditions conditions) =>
        XdrSample.Of<TransactionEnvelope>(name, new TransactionV1Envelope(Plain(memo, conditions), Signatures));

    private static Transaction Plain(Memo memo, Preconditions conditions) =>
        new(new MuxedAccount(Account(2), 3), 100, 0x0102030405060708, conditions, memo, [Pay]);

    private static FeeBumpTransaction Bump() => new(
        new MuxedAccount(Account(9)),
        400,
        new TransactionV1Envelope(Plain(new MemoId(1), Preconditions.None), [Signatures[0]]));

    private static TransactionV1Envelope Soroban(ValueList<uint>? archived)
    {
        var resources = new SorobanResources(
            [LedgerSamples.Keys[6], LedgerSamples.Keys[7]], [LedgerSamples.Keys[0]], 1, 2, 3);
        var transaction = new Transaction(
            new MuxedAccount(Account(2)),
            1000,
            5,
            Preconditions.None,
            Memo.None,
            [new InvokeHostFunctionOperation(ContractSamples.Functions[0], [])],
            new SorobanTransactionData(resources, 4, archived));
        return new TransactionV1Envelope(transaction, []);
    }

    private static IEnumerable<Memo> Memos() =>
    [
        Memo.None,
        new MemoText("twenty-eight bytes of a text"),
        new MemoId(ulong.MaxValue),
        new MemoHash(Filled(0xab)),
        new MemoReturn(Filled(0xcd)),
    ];

    private static IEnumerable<(string Name, Preconditions Conditions)> Conditions() =>
    [
        ("Time", Preconditions.Time(new TimeBounds(1, 2))),
        ("V2Empty", Preconditions.V2()),
        ("V2All", Preconditions.V2(
            new TimeBounds(1, 2),
            new LedgerBounds(3, 4),
            5,
            6,
            7,
            [SignerKey.Ed25519(Account(8)), SignerKey.SignedPayload(Account(9), [1, 2, 3])])),
    ];
}
