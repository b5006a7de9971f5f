using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.TestClocks;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>
/// Makes payment sessions: one for each idempotency key of a merchant, whichever front door is asked and how often. The key is looked for
/// first; who loses the race is refused by the key's row, and finds the winner's session behind it.
/// </summary>
internal sealed class SessionMaker(
    IGrainFactory grains, IIdempotencyIndex keys, SessionAssets assets, SaleDetailsSeal seal, MerchantAccounts accounts,
    MerchantTermsReader terms, TestClockDesk clocks, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private const int Attempts = 3;
    private const string KeyInUse = "idempotency_key_in_use";
    private const string Exists = "session_exists";
    private const string Suspended = "merchant_suspended";

    private static readonly Problem NotReady = Problem.Of(new Error(
        ErrorKind.Conflict, "merchant_not_ready", "The merchant's account is being opened. Please try again in a few seconds."));

    /// <summary>The session that was made, now or before under the same key; or why there is none.</summary>
    public async Task<(PaymentSessionView? Made, Problem? Problem)> MakeAsync(
        MerchantCaller caller, NewPaymentSessionRequest request, string? key, ISessionClaim? claim, CancellationToken cancellationToken)
    {
        var (form, problem) = PaymentSessionForm.Read(request, assets, caller.IsLive);
        if (form is null)
        {
            return (null, problem);
        }

        var fingerprint = PaymentSessionKeys.Fingerprint(form.Fields());
        if (await FindAsync(caller, key, fingerprint, cancellationToken) is { } before)
        {
            return before;
        }

        var order = form.Order with
        {
            Details = form.Details is { } details ? await seal.SealAsync(caller.Merchant, details, cancellationToken) : null,
            IdempotencyKey = key,
            Fingerprint = fingerprint,
            IsPiece = claim?.IsOfStock == true,
            Origin = claim?.Origin,
            // Not the caller's, who may have been read a while ago.
            Decision = (await terms.FindAsync(caller.Merchant, cancellationToken))?.Decision ?? 0,
        };
        claim ??= order.TestClock is { } clock ? clocks.PlaceUnder(caller.Merchant, TestClockId.Parse(clock)) : null;
        var isTold = false;
        for (var attempt = 1; ; attempt++)
        {
            var id = PaymentSessionId.New(business);
            if (claim is not null && await claim.TakeAsync(id, cancellationToken) is { } refused)
            {
                return (null, refused);
            }

            // From here on it is made even if the caller hangs up.
            var made = await Outcome.OfAsync(() => grains.GetGrain<IPaymentSessionGrain>(id.Value).CreateAsync(caller.Merchant, order));
            if (made.IsSuccess)
            {
                return (made.Value, null);
            }

            if (claim is not null)
            {
                await claim.GiveBackAsync(id);
            }

            if (made.Error.Code == KeyInUse
                && await FindAsync(caller, key, fingerprint, cancellationToken) is { } winner)
            {
                return winner;
            }

            if (made.Error.Code == MerchantAccounts.Missing)
            {
                await accounts.OpenAsync(caller.Merchant, caller.Tier);
                return (null, NotReady);
            }

            if (!isTold && made.Error.Code is MerchantFacts.TermsAreOld or Suspended)
            {
                // Whoever decided it died before the account was told.
                isTold = true;
                await accounts.SetTermsAsync(caller.Merchant);
                continue;
            }

            // Two of one millisecond whose sixteen random bits are the same: another id is another number.
            if (made.Error.Code != Exists || attempt >= Attempts)
            {
                return (null, Problem.Of(made.Error));
            }
        }
    }

    private async Task<(PaymentSessionView? Made, Problem? Problem)?> FindAsync(
        MerchantCaller caller, string? key, string fingerprint, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return null;
        }

        var entry = await keys.FindAsync(
            caller.Merchant.Value, PaymentSessionKeys.HashOf(key), business.GetUtcNow(), cancellationToken);
        if (entry is null)
        {
            return null;
        }

        var session = PaymentSessionKeys.Answer(entry, fingerprint);
        if (!session.IsSuccess)
        {
            return (null, Problem.Of(session.Error));
        }

        var found = await grains.GetGrain<IPaymentSessionGrain>(session.Value).GetAsync(caller.Merchant);
        return found.IsSuccess ? (found.Value, null) : (null, Problem.Of(found.Error));
    }
}
