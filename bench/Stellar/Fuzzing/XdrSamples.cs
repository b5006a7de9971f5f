using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Bench.Fuzzing;

/// <summary>At least one value of every XDR type and every arm of every union; no two fields of a value are equal, so
/// that a swap shows.</summary>
internal static class XdrSamples
{
    public static IReadOnlyList<XdrSample> All =>
    [
        .. OperationSamples.All,
        .. TransactionSamples.All,
        .. ResultSamples.All,
        .. LedgerSamples.All,
        .. ContractSamples.All,
    ];

    public static AccountId Account(byte fill) => new(Filled(fill));

    public static Hash Filled(byte fill)
    {
        Span<byte> bytes = stackalloc byte[Hash.Size];
        bytes.Fill(fill);
        return new Hash(bytes);
    }

    public static Asset Usd { get; } = Asset.Credit("USD", Account(0xa1));

    public static Asset LongAsset { get; } = Asset.Credit("LONGASSET123", Account(0xa2));

    public static LiquidityPoolParameters Pool { get; } = new(Asset.Native, Usd);
}
