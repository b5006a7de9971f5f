using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Accounts.Openings;

/// <summary>What an owner signs to have its account opened: that, and nothing else of its own.</summary>
internal static class OpeningRules
{
    /// <summary>Why the new account's owner must not sign a transaction, or null if it may.</summary>
    public static string? Refusal(UnsignedTransaction transaction, string address)
    {
        if (transaction.Source == address)
        {
            return "The transaction's source is the new account.";
        }

        if (transaction.Envelope.Transaction.Preconditions.TimeBounds is not { MaxTime: > 0 })
        {
            return "The transaction could be applied for ever.";
        }

        var own = transaction.Envelope.Transaction.Operations.Where(o => o.Source?.AccountId.ToString() == address);
        return own.All(o => o.Body is ChangeTrustOperation { Limit: > 0 } or EndSponsoringFutureReservesOperation)
            ? null
            : "The transaction does more with the new account than to open it.";
    }
}
