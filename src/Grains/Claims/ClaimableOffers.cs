using StellarPay.Grains.Costs;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Claims;

/// <summary>What a claimable balance would cure is said with the refusal, and done where it was asked for.</summary>
internal static class ClaimableOffers
{
    /// <summary>The balance to be set aside, or why nothing is.</summary>
    /// <param name="wallet">The payer.</param>
    /// <param name="facts">What the network says.</param>
    /// <param name="days">After how many days the payer can have it back; null where it was not asked for.</param>
    /// <param name="refusal">Why the recipient cannot be paid.</param>
    /// <param name="budgets">How many the payer may set aside in a day.</param>
    public static (ClaimableRecord? Claimable, Error? Refusal) Of(
        IWalletContext wallet, QuoteFacts facts, int? days, Error refusal, UserBudgets budgets)
    {
        if (!ClaimableTerms.Helps(refusal, facts.Terms))
        {
            return (null, refusal);
        }

        var claims = wallet.Book.Claims;
        var hindrance = ClaimableTerms.Check(
            facts.Destination, facts.Own, facts.Terms, claims.OpenClaimables, ClaimBook.MostOpen, claims.MinimumStroops)
            ?? budgets.CheckClaimable(wallet.State, wallet.Now);
        if (days is null)
        {
            return (null, hindrance is null
                ? refusal with { Message = $"{refusal.Message} It can be sent as a claimable balance: ask again with \"claimable\": true." }
                : refusal);
        }

        if (hindrance is not null || facts.Latest is not { } latest)
        {
            return (null, hindrance ?? QuoteFactsReader.Unavailable);
        }

        var wait = TimeSpan.FromDays(days.Value);
        var seconds = (latest.ClosedAt + wait).ToUnixTimeSeconds();
        return (
            new ClaimableRecord { ReclaimableAfter = DateTimeOffset.FromUnixTimeSeconds(seconds), LookAt = wallet.Now + wait }, null);
    }
}
