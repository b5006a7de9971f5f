using System.Text.Json.Serialization;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>How a wallet is being closed, as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.ClosingRecord")]
internal sealed class ClosingRecord
{
    /// <summary>Where what it holds goes; null where an administrator has an empty account given up.</summary>
    [Id(0)] public string? Destination { get; set; }

    [Id(1)] public string? Recipient { get; set; }

    [Id(2)] public string? Memo { get; set; }

    [Id(3)] public RecipientFacts? Facts { get; set; }

    [Id(4)] public DateTimeOffset Since { get; set; }

    /// <summary>How often something came between.</summary>
    [Id(5)] public int Tries { get; set; }

    /// <summary>The memo as the ledger has it.</summary>
    [JsonIgnore]
    public Stellar.Xdr.Memo LedgerMemo => PaymentMemo.Read(Facts?.MemoType, Memo)
        ?? throw new InvalidOperationException("A wallet is being closed with a memo that is none.");
}
