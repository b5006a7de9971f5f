using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Which flags accounts and trustlines may have (CAP-18, CAP-35).</summary>
internal static class FlagRules
{
    public const TrustLineFlags AnyAuthorization =
        TrustLineFlags.Authorized | TrustLineFlags.AuthorizedToMaintainLiabilities;

    public const TrustLineFlags AllOfTrustLine = AnyAuthorization | TrustLineFlags.ClawbackEnabled;

    public const AccountFlags AllOfAccount = AccountFlags.AuthRequired
        | AccountFlags.AuthRevocable
        | AccountFlags.AuthImmutable
        | AccountFlags.AuthClawbackEnabled;

    public static bool AreKnown(AccountFlags flags) => (flags & ~AllOfAccount) == 0;

    public static bool AreKnown(TrustLineFlags flags) => (flags & ~AllOfTrustLine) == 0;

    /// <summary>Clawback needs the right to revoke.</summary>
    public static bool IsClawbackAllowed(AccountFlags flags) =>
        (flags & AccountFlags.AuthClawbackEnabled) == 0 || (flags & AccountFlags.AuthRevocable) != 0;

    /// <summary>Fully authorised and authorised to maintain liabilities exclude each other.</summary>
    public static bool IsOneAuthorization(TrustLineFlags flags) => (flags & AnyAuthorization) != AnyAuthorization;

    public static bool MaintainsLiabilities(TrustLineFlags flags) => (flags & AnyAuthorization) != 0;
}
