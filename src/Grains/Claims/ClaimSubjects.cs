namespace StellarPay.Grains.Claims;

/// <summary>What the operations of a transaction that are no payments belong to.</summary>
internal static class ClaimSubjects
{
    private const string ClaimPrefix = "clm_";
    private const string ReclaimPrefix = "rcl_";
    private const string SponsorPrefix = "spn_";

    /// <summary>The claim of a balance that somebody else set aside.</summary>
    public static string Claim(string balanceId) => ClaimPrefix + balanceId;

    /// <summary>The claim of the balance that a payment of the wallet's own set aside.</summary>
    public static string Reclaim(string payment) => ReclaimPrefix + payment;

    /// <summary>The operations around a payment by which the platform carries its reserve.</summary>
    public static string Sponsor(string payment) => SponsorPrefix + payment;

    /// <summary>The balance that is claimed, or null.</summary>
    public static string? ClaimedBy(string subject) => After(ClaimPrefix, subject);

    /// <summary>The payment that is reclaimed, or null.</summary>
    public static string? ReclaimedBy(string subject) => After(ReclaimPrefix, subject);

    private static string? After(string prefix, string subject) =>
        subject.StartsWith(prefix, StringComparison.Ordinal) ? subject[prefix.Length..] : null;
}
