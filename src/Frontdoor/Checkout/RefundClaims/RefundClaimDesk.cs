using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Checkout.RefundClaims;

/// <summary>What somebody may claim who has a session's secret for that, which is not the one to pay it.</summary>
internal sealed class RefundClaimDesk(CheckoutSecrets secrets, ClaimMemory memory, IGrainFactory grains, RefundLinkMail mail)
{
    /// <summary>
    /// The session, with what a payer paid alone where one is named; null where there is none, or the secret is not that, which is known
    /// before anything is read.
    /// </summary>
    public async Task<ClaimedSale?> FindAsync(string id, string? payer, string? key, CancellationToken cancellationToken)
    {
        if (key is null || !PaymentSessionId.TryParse(id, out var session) || !secrets.IsRefundKey(session, payer, key)
            || await memory.FindAsync(session, cancellationToken) is not { } found)
        {
            return null;
        }

        return payer is null ? found : found with { Claims = [.. found.Claims.Where(claim => claim.Payment.From == payer)] };
    }

    /// <summary>Has all that is left of a payment sent back; why not, as a code, or null where it is, or was before.</summary>
    /// <param name="found">Of what.</param>
    /// <param name="payment">Which payment.</param>
    /// <param name="isOwnAccount">Whether it is said that the account that paid is one's own.</param>
    /// <exception cref="OutcomeUnknownException">There is no answer, and it may have begun.</exception>
    public async Task<string?> ClaimAsync(ClaimedSale found, string? payment, bool isOwnAccount)
    {
        if (OperationIds.Find(payment ?? "") is not { } place || found.Claims.FirstOrDefault(each => PlaceOf(each) == place) is not { } claim)
        {
            return RefundClaimReasons.NotFound;
        }

        // What there is nothing to do about wakes no session, however often it is asked for.
        if (claim.To is null)
        {
            return claim.Refusal;
        }

        try
        {
            var made = await Outcome.OfAsync(
                () => grains.GetGrain<IPaymentSessionGrain>(found.Session.Id.Value).ClaimAsync(
                    found.Session.Merchant, place, isOwnAccount));
            return made.IsSuccess ? null : made.Error.Code;
        }
        finally
        {
            memory.Forget(found.Session.Id);
        }
    }

    /// <summary>Mails the link to who has paid, as far as anybody knows him: whoever may pay may ask for it, and is not shown it.</summary>
    public async Task SendLinkAsync(CheckoutSale sale, CancellationToken cancellationToken)
    {
        if (await memory.FindAsync(PaymentSessionId.Parse(sale.Session.Id), cancellationToken) is { } found)
        {
            await mail.SendAsync(found, cancellationToken);
        }
    }

    /// <summary>Where the ledger holds what a claim is about.</summary>
    public static LedgerPlace PlaceOf(RefundClaim claim) => new(claim.Payment.Token, claim.Payment.Number);
}
