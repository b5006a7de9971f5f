using StellarPay.Stellar;

namespace StellarPay.Frontdoor.Audit;

/// <summary>What <c>audit verify</c> is asked.</summary>
/// <param name="Account">The notary's address as the asker knows it; null to take the database's.</param>
/// <param name="Offline">Whether the ledger is left out.</param>
internal sealed record AuditQuestion(AccountId? Account, bool Offline)
{
    /// <summary>Reads a command's arguments; null where they are wrong.</summary>
    public static AuditQuestion? Parse(string[] command) => command switch
    {
        ["verify"] => new AuditQuestion(null, Offline: false),
        ["verify", "--offline"] => new AuditQuestion(null, Offline: true),
        ["verify", "--account", var account] when AccountId.TryParse(account, out var id) => new AuditQuestion(id, Offline: false),
        _ => null,
    };
}
