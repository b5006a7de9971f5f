using System.Text.Json.Serialization;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>
/// That a payment waits until its recipient, a user here, has an account. Our own books tell, which are looked at less and less often.
/// </summary>
[GenerateSerializer, Alias("sp.OpeningWait")]
internal sealed class OpeningWait
{
    // One, two, four seconds, up to five minutes.
    private const int MaxDoublings = 9;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>When it is given up, by business time; null before it is confirmed.</summary>
    [Id(0), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; set; }

    /// <summary>When to look next; null before it is confirmed.</summary>
    [Id(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>How often it was looked in vain.</summary>
    [Id(2)] public int Looks { get; set; }

    /// <summary>Whether waiting helps with what hinders a payment: a price would not wait.</summary>
    public static bool Helps(Error hindrance, QuoteTerms terms) => terms.Path is null
        && hindrance.Code is DestinationRules.Opening or DestinationRules.NotFound or DestinationRules.NoTrustline;

    /// <summary>The payment is confirmed.</summary>
    public void Begin(DateTimeOffset now, TimeSpan longest) => (Until, LookAt, Looks) = (now + longest, now, 0);

    /// <summary>It was looked in vain.</summary>
    public void Again(DateTimeOffset now)
    {
        var pause = TimeSpan.FromSeconds(1 << Math.Min(Looks++, MaxDoublings));
        var next = now + (pause < Longest ? pause : Longest);
        LookAt = next < Until ? next : Until;
    }

    /// <summary>It was looked in vain, and waiting for the opening is not what it takes: it is looked at no sooner than then.</summary>
    public void Later(DateTimeOffset at) => LookAt = at;

    public PaymentWait ToView() => new(PaymentWait.RecipientOpening, Until);
}
