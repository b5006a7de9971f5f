using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Payments;

/// <summary>Quotes and confirms payments, wherever their payers ask for it. What a request looks like has been checked.</summary>
internal sealed class PaymentDesk(RecipientFinder recipients, StepUp stepUp, IGrainFactory grains)
{
    /// <summary>Quotes a payment; with confirm, pays at once.</summary>
    /// <param name="user">Who pays.</param>
    /// <param name="request">What he asks for.</param>
    /// <param name="idempotencyKey">His key for it, or null.</param>
    /// <param name="session">What was shown in the session in which he asks.</param>
    /// <param name="cancellationToken">Cancels the search for the recipient.</param>
    public async Task<(PaymentView? Payment, Problem? Refused)> QuoteAsync(
        UserId user, PaymentRequest request, string? idempotencyKey, SessionFacts session, CancellationToken cancellationToken)
    {
        var recipient = await recipients.FindAsync(user, request.Recipient!, cancellationToken);
        if (!recipient.IsSuccess)
        {
            return (null, Problem.Of(recipient.Error));
        }

        var (memo, facts, conflict) = RecipientMemo.For(request.Memo, request.MemoType, recipient.Value);
        if (conflict is not null)
        {
            return (null, conflict);
        }

        var due = recipient.Value.Dues?.Find(request.Asset);
        var paysRest = due is not null && request is { Amount: null or "", SourceAmount: null };
        if (recipient.Value.Dues is { } dues && CheckDue(request, dues, due, paysRest) is { } unpayable)
        {
            return (null, unpayable);
        }

        // From here on the request is carried out even if the caller hangs up.
        var wallet = WalletOf(user);
        var pays = request.Confirm == true;
        var order = new QuoteRequest(
            recipient.Value.Address, recipient.Value.Name, due?.Canonical ?? request.Asset!, paysRest ? due!.Amount : request.Amount ?? "",
            memo, idempotencyKey, pays, request.SourceAsset, request.SourceAmount, request.MaxSlippageBps, facts,
            request.Claimable == true, request.ReclaimAfterDays, stepUp.ProofOf(session), paysRest);
        return AnswerOf(
            pays ? await Outcome.OfAsync(() => wallet.QuoteAsync(user, order)) : await wallet.QuoteAsync(user, order), session);
    }

    /// <summary>Confirms a quoted payment.</summary>
    /// <exception cref="OutcomeUnknownException">There is no answer, and it may have begun.</exception>
    public async Task<(PaymentView? Payment, Problem? Refused)> ConfirmAsync(
        UserId user, PaymentId payment, string idempotencyKey, SessionFacts session)
    {
        var proof = stepUp.ProofOf(session);
        return AnswerOf(
            await Outcome.OfAsync(() => WalletOf(user).ConfirmAsync(user, payment, idempotencyKey, proof), payment), session);
    }

    private static (PaymentView? Payment, Problem? Refused) AnswerOf(Result<PaymentView> payment, SessionFacts session) =>
        payment.IsSuccess ? (payment.Value, null) : (null, StepUp.Explain(payment.Error, session));

    private static Problem? CheckDue(PaymentRequest request, SessionDues dues, SessionDue? due, bool paysRest) => due switch
    {
        // Who pays in another asset than has come in pays the whole of it.
        null when request.Asset is null => Problem.Missing("asset"),
        null => Problem.Of(new Error(
            ErrorKind.Refused, "asset_not_accepted", $"This payment session takes {string.Join(" or ", dues.All.Select(each => each.Canonical))}.", "asset")),
        { IsExact: false } when paysRest => Problem.Missing("amount"),
        _ => null,
    };

    private IWalletGrain WalletOf(UserId user) => grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value);
}
