namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>How far a merchant is. It follows from what is known of him, in the database (0050_merchants.sql).</summary>
internal enum MerchantStatus
{
    /// <summary>His e-mail address is not confirmed, or, where payments are real, nobody has approved him yet. He has no keys.</summary>
    Pending,

    Active,

    /// <summary>An administrator stopped him: he makes no sessions and pays nothing out.</summary>
    Suspended,
}

/// <summary>How a status is written.</summary>
internal static class MerchantStatuses
{
    public static string NameOf(MerchantStatus status) => status switch
    {
        MerchantStatus.Active => "active",
        MerchantStatus.Suspended => "suspended",
        _ => "pending",
    };

    /// <summary>One that is written so; null where none is.</summary>
    public static MerchantStatus? TryRead(string? name) => name switch
    {
        "active" => MerchantStatus.Active,
        "suspended" => MerchantStatus.Suspended,
        "pending" => MerchantStatus.Pending,
        _ => null,
    };

    public static MerchantStatus Read(string name) =>
        TryRead(name) ?? throw new InvalidOperationException($"There is no status '{name}' of a merchant.");
}
