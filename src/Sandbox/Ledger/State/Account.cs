using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>A signer of an account, its weight, and who holds its reserve if not the account.</summary>
internal sealed record AccountSigner(SignerKey Key, uint Weight, AccountId? Sponsor);

/// <summary>An account. Amounts are stroops.</summary>
internal sealed record Account : LedgerObject
{
    public const int MaximumSigners = 20;

    public required AccountId Id { get; init; }

    public required long Balance { get; init; }

    public required long Sequence { get; init; }

    public uint SubEntries { get; init; }

    public AccountId? InflationDestination { get; init; }

    public AccountFlags Flags { get; init; }

    public XdrString HomeDomain { get; init; }

    public Thresholds Thresholds { get; init; } = new(1, 0, 0, 0);

    /// <summary>Sorted by key.</summary>
    public ValueList<AccountSigner> Signers { get; init; }

    public long BuyingLiabilities { get; init; }

    public long SellingLiabilities { get; init; }

    public uint Sponsored { get; init; }

    public uint Sponsoring { get; init; }

    /// <summary>The ledger of the last change of the sequence number (protocol 19).</summary>
    public uint SequenceLedger { get; init; }

    /// <summary>The unix time of the last change of the sequence number.</summary>
    public ulong SequenceTime { get; init; }

    /// <summary>Which extension of the XDR type this entry has grown to: 0 to 3.</summary>
    public byte Extension { get; init; }

    public bool Has(AccountFlags flag) => (Flags & flag) != 0;

    public byte AtLeast(byte extension) => Math.Max(Extension, extension);

    /// <summary>Where the signer is, or the complement of where it would be inserted.</summary>
    public int FindSigner(SignerKey key)
    {
        for (var i = 0; i < Signers.Count; i++)
        {
            var order = Signers[i].Key.CompareTo(key);
            if (order >= 0)
            {
                return order == 0 ? i : ~i;
            }
        }

        return ~Signers.Count;
    }

    public override bool HasKeyOf(LedgerObject other) => other is Account account && account.Id == Id;

    public override int KeyHash() => Id.GetHashCode();
}
