namespace StellarPay.Grains.Storage;

/// <summary>
/// The storage providers, and the names of the states that grains keep in them. State names are unique across grain classes,
/// for a row is known by state name and key alone; they are stored for ever and never change. Which provider writes a row is
/// stored nowhere, and may change from one version to the next.
/// </summary>
public static class GrainState
{
    /// <summary>The storage provider of most grains: a commit for each write.</summary>
    public const string Provider = "grains";

    /// <summary>
    /// The storage provider of grains that write at each payment, owners of accounts above all: writes of many share a commit,
    /// and users' calls that would write are refused for a moment while these have to wait.
    /// </summary>
    public const string HotProvider = "hot_grains";

    /// <summary>Wallets, by <c>wal_…</c>.</summary>
    public const string Wallet = "wallet";

    /// <summary>Sponsor accounts, by <c>plt_sponsor_…</c>.</summary>
    public const string Sponsor = "sponsor";

    /// <summary>Fee accounts, by <c>plt_fees_…</c>.</summary>
    public const string FeeAccount = "fee_account";

    /// <summary>The rotation of key-encryption keys.</summary>
    public const string KeyRotation = "key_rotation";

    /// <summary>The account that hands suspended deposits on.</summary>
    public const string Suspense = "suspense";

    /// <summary>The account from which the platform's other accounts are topped up.</summary>
    public const string Treasury = "treasury";

    /// <summary>The account that writes the audit log's head to the ledger.</summary>
    public const string Notary = "notary";

    /// <summary>Users' scheduled payments, by <c>sbk_…</c>.</summary>
    public const string ScheduleBook = "schedule_book";
}
