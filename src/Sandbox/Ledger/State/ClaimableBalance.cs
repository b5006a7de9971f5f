using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// An amount set aside for its claimants. The relative times of their predicates became absolute when it was created.
/// </summary>
internal sealed record ClaimableBalance : LedgerObject
{
    public required Hash Id { get; init; }

    public required ValueList<Claimant> Claimants { get; init; }

    public required Asset Asset { get; init; }

    public required long Amount { get; init; }

    public bool IsClawbackEnabled { get; init; }

    public override bool HasKeyOf(LedgerObject other) => other is ClaimableBalance balance && balance.Id == Id;

    public override int KeyHash() => Id.GetHashCode();
}
