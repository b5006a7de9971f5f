using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal readonly record struct NamedDataKey(AccountId Account, XdrString Name);

/// <summary>A named value of an account.</summary>
internal sealed record NamedData : LedgerObject
{
    public required AccountId Account { get; init; }

    public required XdrString Name { get; init; }

    public required Bytes Value { get; init; }

    public NamedDataKey Key => new(Account, Name);

    public override bool HasKeyOf(LedgerObject other) => other is NamedData data && data.Key == Key;

    public override int KeyHash() => Key.GetHashCode();
}
