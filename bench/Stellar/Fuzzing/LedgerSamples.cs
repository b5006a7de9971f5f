using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using static StellarPay.Bench.Fuzzing.XdrSamples;

namespace StellarPay.Bench.Fuzzing;

/// <summary>Every ledger key, entry (with each extension), change, meta and header.</summary>
internal static class LedgerSamples
{
    private static readonly LedgerEntryData Account1 = new AccountEntry(
        Account(1), 2, 3, 4, Account(5), 6, "home.example", new Thresholds(7, 8, 9, 10), [Signer(11), Signer(12)]);

    public static ValueList<LedgerKey> Keys { get; } =
    [
        new LedgerKeyAccount(Account(1)),
        new LedgerKeyTrustLine(Account(2), Usd),
        new LedgerKeyOffer(Account(3), 4),
        new LedgerKeyData(Account(5), "name"),
        new LedgerKeyClaimableBalance(new ClaimableBalanceId(Filled(6))),
        new LedgerKeyLiquidityPool(Filled(7)),
        new LedgerKeyContractData(
            new ScContractAddress(Filled(8)), new ScSymbol("key"), ContractDataDurability.Persistent),
        new LedgerKeyContractCode(Filled(9)),
        new LedgerKeyConfigSetting(ConfigSettingId.StateArchival),
        new LedgerKeyTtl(Filled(10)),
    ];

    public static OfferEntry Offer { get; } =
        new(Account(13), 14, Usd, LongAsset, 15, new Price(16, 17), (uint)OfferFlags.Passive);

    public static IReadOnlyList<XdrSample> All =>
    [
        .. Keys.Select(key => XdrSample.Of($"{key.Type}", key)),
        XdrSample.Of<LedgerKey>("poolTrustLine", new LedgerKeyTrustLine(Account(2), TrustLineAsset.PoolShare(Filled(3)))),
        .. Entries().Select((data, i) => XdrSample.Of($"{data.Type}{i}", new LedgerEntry((uint)i, data))),
        XdrSample.Of("sponsored", new LedgerEntry(1, Offer, new Sponsorship(Account(2)))),
        XdrSample.Of("unsponsored", new LedgerEntry(1, Offer, new Sponsorship(null))),
        XdrSample.Of("changes", Changes()),
        .. Metas().Select(meta => XdrSample.Of($"v{meta.Version}", meta)),
        XdrSample.Of("plain", Header(null, null)),
        XdrSample.Of("signed", Header(7, new LedgerCloseValueSignature(Account(18), [1, 2, 3]))),
        XdrSample.Of("history", new LedgerHeaderHistoryEntry(Filled(19), Header(0, null))),
    ];

    private static Signer Signer(byte fill) => new(SignerKey.Ed25519(Account(fill)), fill);

    private static IEnumerable<LedgerEntryData> Entries()
    {
        var account = (AccountEntry)Account1;
        var liabilities = new Liabilities(20, 21);
        var v2 = new AccountEntryExtensionV2(22, 23, [new SignerSponsor(null), new SignerSponsor(Account(24))]);
        var v3 = v2 with { V3 = new AccountEntryExtensionV3(25, 26) };
        yield return account;
        yield return account with { InflationDestination = null, Extension = new AccountEntryExtension(liabilities) };
        yield return account with { Extension = new AccountEntryExtension(liabilities, v2) };
        yield return account with { Extension = new AccountEntryExtension(liabilities, v3) };
        var line = new TrustLineEntry(Account(27), Usd, 28, 29, 1);
        yield return line;
        yield return line with { Asset = TrustLineAsset.PoolShare(Filled(30)) };
        yield return line with { Extension = new TrustLineEntryExtension(liabilities) };
        yield return line with { Extension = new TrustLineEntryExtension(liabilities, 31) };
        yield return Offer;
        yield return new DataEntry(Account(32), "a name", [1, 2, 3, 4, 5]);
        var balance = new ClaimableBalanceEntry(
            new ClaimableBalanceId(Filled(33)), [new Claimant(Account(34), OperationSamples.Nested)], Usd, 35);
        yield return balance;
        yield return balance with { Flags = (uint)ClaimableBalanceFlags.ClawbackEnabled };
        yield return new LiquidityPoolEntry(Filled(36), Pool, 37, 38, 39, 40);
        yield return new ContractDataEntry(
            new ScContractAddress(Filled(41)), new ScU32(42), ContractDataDurability.Temporary, new ScI64(-43));
        yield return new ContractCodeEntry(Filled(44), [0, 0x61, 0x73, 0x6d, 1]);
        yield return new ContractCodeEntry(
            Filled(44), [], new ContractCodeCostInputs(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        yield return new TtlEntry(Filled(45), 46);
    }

    private static LedgerEntryChanges Changes()
    {
        var entry = new LedgerEntry(47, Account1);
        return new LedgerEntryChanges(
        [
            new(LedgerEntryChangeType.State, entry),
            new(LedgerEntryChangeType.Updated, entry with { LastModified = 48 }),
            new(LedgerEntryChangeType.Created, new LedgerEntry(49, Offer)),
            new(new LedgerKeyOffer(Account(50), 51)),
            new(LedgerEntryChangeType.Restored, new LedgerEntry(52, new TtlEntry(Filled(53), 54))),
        ]);
    }

    private static IEnumerable<TransactionMeta> Metas()
    {
        var changes = Changes();
        var none = new LedgerEntryChanges([]);
        var contractEvent = new ContractEvent(
            Filled(55), ContractEventType.Contract, [new ScSymbol("transfer")], new ScU64(56));
        var diagnostic = new DiagnosticEvent(true, contractEvent with { ContractId = null });
        var fees = new SorobanFees(57, 58, 59);
        yield return new TransactionMetaV0([changes, none]);
        yield return new TransactionMetaV1(none, [changes]);
        yield return new TransactionMetaV2(changes, [none], none);
        yield return new TransactionMetaV3(
            none, [], changes, new SorobanTransactionMeta(fees, [contractEvent], ScVoid.Instance, [diagnostic]));
        yield return new TransactionMetaV3(none, [], none, null);
        yield return new TransactionMetaV4(
            none,
            [new OperationMetaV2(changes, [contractEvent])],
            none,
            new SorobanTransactionMetaV2(null, new ScBool(true)),
            [new TransactionEvent(TransactionEventStage.AfterAllTransactions, contractEvent)],
            [diagnostic]);
    }

    private static LedgerHeader Header(uint? flags, LedgerCloseValueSignature? signature) => new(
        19,
        Filled(60),
        new StellarValue(Filled(61), 62, [new LedgerUpgrade([0, 0, 0, 1, 0, 0, 0, 19])], signature),
        Filled(63),
        Filled(64),
        65,
        66,
        67,
        68,
        69,
        70,
        71,
        72,
        new LedgerSkipList(Filled(73), Filled(74), Filled(75), Filled(76)),
        flags);
}
