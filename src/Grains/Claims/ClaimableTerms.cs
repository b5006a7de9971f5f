using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Claims;

/// <summary>When a payment may be set aside for a recipient who cannot receive it yet.</summary>
internal static class ClaimableTerms
{
    public const int UsualDays = 30;
    public const int MaxDays = 365;

    /// <summary>Why a recipient cannot receive, where a claimable balance helps.</summary>
    private static readonly HashSet<string> Curable = new(StringComparer.Ordinal)
    {
        "destination_not_found", "destination_no_trustline", "destination_not_authorized", "destination_full",
    };

    /// <summary>After how many days the payer can have it back; null where it was not asked for.</summary>
    public static Result<int?> Read(QuoteRequest request) => request switch
    {
        { ReclaimAfterDays: < 1 or > MaxDays } => new Error(ErrorKind.InvalidRequest, "reclaim_after_invalid",
            $"'reclaim_after_days' must be 1 to {MaxDays}.", "reclaim_after_days"),
        { Claimable: true } => (int?)(request.ReclaimAfterDays ?? UsualDays),
        { ReclaimAfterDays: not null } => new Error(ErrorKind.InvalidRequest, "reclaim_after_invalid",
            "'reclaim_after_days' goes with \"claimable\": true only.", "reclaim_after_days"),
        _ => (int?)null,
    };

    /// <summary>
    /// Whether it helps with what hinders a payment. A balance has one account for its recipient and holds what was sent:
    /// not for a path payment, and not for one of the many whom a muxed address tells apart.
    /// </summary>
    public static bool Helps(Error refusal, QuoteTerms terms) =>
        Curable.Contains(refusal.Code) && terms is { Path: null, IsMuxed: false };

    /// <summary>Why it cannot be set aside, or null.</summary>
    /// <param name="recipient">The recipient's account; null where there is none.</param>
    /// <param name="payer">The payer's.</param>
    /// <param name="terms">What is to be paid.</param>
    /// <param name="open">How many of the payer's balances wait on the ledger.</param>
    /// <param name="maxOpen">How many may.</param>
    /// <param name="minimum">The least that is set aside.</param>
    public static Error? Check(
        NetworkAccount? recipient, NetworkAccount? payer, QuoteTerms terms, int open, int maxOpen, long minimum)
    {
        if (recipient is { MemoRequired: true } && terms.Memo is null)
        {
            return DestinationRules.MemoRequired;
        }

        if (terms.Stroops < minimum)
        {
            return new Error(ErrorKind.Refused, "claimable_too_small",
                $"A claimable balance holds at least {Money.Amount.Format(minimum)} {terms.Asset.Code}.", "amount");
        }

        if (open >= maxOpen)
        {
            return new Error(ErrorKind.RateLimited, "too_many_claimable",
                $"A wallet can have {maxOpen} claimable balances that wait. Please wait for one, or reclaim one.");
        }

        return terms.Asset.IsNative || payer?.Trustlines.FirstOrDefault(t => t.Asset == terms.Asset.Canonical) is { Authorized: true }
            ? null
            : new Error(ErrorKind.Refused, "sender_not_authorized",
                $"The issuer of {terms.Asset.Code} does not let this wallet send it at the moment.", "asset");
    }
}
