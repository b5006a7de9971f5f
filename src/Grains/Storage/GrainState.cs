namespace StellarPay.Grains.Storage;

/// <summary>
/// The one storage provider, and the names of the states that grains keep in it. State names are unique across grain
/// classes, for a row is known by state name and key alone; they are stored for ever and never change.
/// </summary>
public static class GrainState
{
    /// <summary>The storage provider's name.</summary>
    public const string Provider = "grains";

    /// <summary>Wallets, by <c>wal_…</c>.</summary>
    public const string Wallet = "wallet";

    /// <summary>Sponsor accounts, by <c>plt_sponsor_…</c>.</summary>
    public const string Sponsor = "sponsor";

    /// <summary>Fee accounts, by <c>plt_fees_…</c>.</summary>
    public const string FeeAccount = "fee_account";

    /// <summary>The rotation of key-encryption keys.</summary>
    public const string KeyRotation = "key_rotation";

    /// <summary>The follower.</summary>
    public const string Follower = "follower";

    /// <summary>The account that hands suspended deposits on.</summary>
    public const string Suspense = "suspense";

    /// <summary>The account from which the platform's other accounts are topped up.</summary>
    public const string Treasury = "treasury";

    /// <summary>Users' scheduled payments, by <c>sbk_…</c>.</summary>
    public const string ScheduleBook = "schedule_book";
}
