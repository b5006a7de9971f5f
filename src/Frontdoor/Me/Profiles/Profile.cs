namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>What a user says of himself and wants to be told; null where he has said nothing.</summary>
/// <param name="FullName">What he is called.</param>
/// <param name="Language">A language tag (BCP 47).</param>
/// <param name="TimeZone">A name of the IANA time zone database.</param>
/// <param name="EmailMoney">Whether he is told by e-mail that money moved.</param>
/// <param name="SmsMoney">Whether he is told by SMS that money moved.</param>
internal sealed record Profile(string? FullName, string? Language, string? TimeZone, bool? EmailMoney, bool? SmsMoney)
{
    public static Profile Empty { get; } = new(null, null, null, null, null);
}
