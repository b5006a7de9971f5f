using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>What a payer's page shows of a payment that was confirmed from it.</summary>
internal enum SentPayment
{
    /// <summary>None, or none that the session still lacks.</summary>
    None,

    /// <summary>It is being made, or it is not known what became of it, or the session has not heard of it.</summary>
    OnItsWay,

    /// <summary>It was not made, and never will be.</summary>
    NotMade,
}

/// <summary>
/// The payments of a payer's wallet to one session: what they cost, which are under way, and the one that is confirmed. They are ordinary
/// payments of the API's, and the wallet itself sees to it that what is left of a price is paid once.
/// </summary>
internal sealed class PayerPayments(
    PaymentDesk payments, IGrainFactory grains, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    // Quotes that ended unconfirmed, one after the other; a login is over before.
    private const int MostEnded = 20;

    // As long as the session may not know what the wallet does.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>The wallet with its payments, or why there is none.</summary>
    public async Task<(WalletSnapshot? Wallet, Problem? Refused)> ReadAsync(UserId user)
    {
        var wallet = await WalletOf(user).GetSnapshotAsync(user);
        return wallet.IsSuccess ? (wallet.Value, null) : (null, Problem.Of(wallet.Error));
    }

    /// <summary>A payment of the wallet to the session that is under way, however it was asked for; null where there is none.</summary>
    public PaymentView? UnderWay(WalletSnapshot wallet, CheckoutSale sale) =>
        Array.FindLast(wallet.Payments, payment => IsTo(payment, sale) && IsUnderWay(payment));

    /// <summary>A payment of the wallet to the session; null where it is none.</summary>
    public async Task<PaymentView?> FindAsync(UserId user, string? id, CheckoutSale sale) =>
        PaymentId.TryParse(id, out var payment)
        && await WalletOf(user).GetPaymentAsync(user, payment) is { IsSuccess: true, Value: var found } && IsTo(found, sale)
            ? found
            : null;

    /// <summary>Whether a quote can be confirmed, and pays what is left now.</summary>
    public bool IsGood(PaymentView payment, PaymentSessionAnswer session) =>
        IsOpen(payment)
        && CheckoutStates.Dues(session).Any(due => due.Canonical() == payment.Amount.Asset.Canonical
            && Amount.TryParseStroops(due.Amount, out var stroops) && stroops == payment.Amount.Stroops);

    /// <summary>
    /// Quotes what is left. Each quote's key is made of the one that ended before it: however often it is asked for, in however many
    /// windows, there is one that can be confirmed.
    /// </summary>
    /// <param name="payer">Whose wallet.</param>
    /// <param name="sale">The session.</param>
    /// <param name="due">In what it is paid.</param>
    /// <param name="source">What the wallet spends for it, where that is another asset; else null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(PaymentView? Payment, Problem? Refused)> QuoteAsync(
        Payer payer, CheckoutSale sale, SessionAssetAnswer due, string? source, CancellationToken cancellationToken)
    {
        var request = new PaymentRequest(
            sale.Session.Id, due.Canonical(), Amount: null, Memo: null, Confirm: null, source, SourceAmount: null, MaxSlippageBps: null,
            MemoType: null, Claimable: null, ReclaimAfterDays: null);
        var (before, hasLetGo) = ("", false);
        for (var ended = 0; ended < MostEnded; ended++)
        {
            var (payment, refused) = await payments.QuoteAsync(
                payer.User, request, KeyOf("quote", sale.Session.Id, request.Asset!, source ?? "", before), payer.Found.Facts, cancellationToken);
            // One that was made now by what is left now may not be what is left by what this request knows: then he looks again, and not
            // one after the other is made and given up.
            if (payment is null || IsGood(payment, sale.Session) || IsUnderWay(payment) || (hasLetGo && IsOpen(payment)))
            {
                return (payment, refused);
            }

            // Else the next one would find its money reserved.
            hasLetGo |= IsOpen(payment);
            await LetGoAsync(payer.User, payment);
            before = payment.Id.Value;
        }

        return (null, StatusProblems.Of(StatusCodes.Status429TooManyRequests));
    }

    /// <summary>Confirms a quote: under a key of its own, so that it is done once however often it is said.</summary>
    /// <exception cref="OutcomeUnknownException">There is no answer, and it may have begun.</exception>
    public Task<(PaymentView? Payment, Problem? Refused)> ConfirmAsync(Payer payer, PaymentView payment) =>
        payments.ConfirmAsync(payer.User, payment.Id, KeyOf("confirm", payment.Id.Value), payer.Found.Facts);

    /// <summary>Ends a quote that is not used any more, so that what it reserves can be spent. What was confirmed goes on.</summary>
    public async Task LetGoAsync(UserId user, PaymentView? quote)
    {
        if (quote is { Status: PaymentStatus.Pending })
        {
            // What is refused has ended, or was confirmed, meanwhile.
            _ = await WalletOf(user).CancelQuoteAsync(user, quote.Id);
        }
    }

    /// <summary>What the wallet's quotes to the session reserve of an asset, in stroops: what can be spent for it all the same.</summary>
    public static long ReservedFor(WalletSnapshot wallet, CheckoutSale sale, Asset asset) => checked(wallet.Payments
        .Where(payment => payment.Status == PaymentStatus.Pending && IsTo(payment, sale))
        .Where(payment => (SourceOf(payment) ?? payment.Amount.Asset) == asset)
        .Sum(payment => payment.FeeStroops + (payment.Path?.SourceMaxStroops ?? payment.Amount.Stroops)));

    /// <summary>What a payment spends, where that is another asset than it pays in; else null.</summary>
    public static Asset? SourceOf(PaymentView payment) => payment.Path?.Source.Asset;

    /// <summary>
    /// What became of the payment that a ticket says was confirmed, or that may have been: of a click whose answer was lost a browser has
    /// nothing but the login before, and that is over.
    /// </summary>
    public async Task<SentPayment> FollowAsync(PayerTicket? ticket, CheckoutSale sale)
    {
        if (ticket is not { User: { } id } || !UserId.TryParse(id, out var user) || (ticket.Sent ?? ticket.Login) is null)
        {
            return SentPayment.None;
        }

        try
        {
            var payment = await FindAsync(user, ticket.Sent ?? ticket.Quoted, sale);
            // What has arrived, and its session has not taken in, it says is on its way.
            if (payment is not null && (IsUnderWay(payment) || (ticket.Sent is not null && IsOpen(payment))
                || (payment.Status == PaymentStatus.Succeeded && sale.Session.Processing)))
            {
                return SentPayment.OnItsWay;
            }

            // Or another window of his has sent another.
            if (ticket.Sent is null && (await ReadAsync(user)).Wallet is { } wallet && UnderWay(wallet, sale) is not null)
            {
                return SentPayment.OnItsWay;
            }

            // A quote that ended was perhaps not clicked at all.
            return payment is null or { Status: PaymentStatus.Succeeded } ? SentPayment.None
                : ticket.Sent is not null || payment.Status == PaymentStatus.Failed ? SentPayment.NotMade
                : SentPayment.None;
        }
        catch (Exception e) when (ExceptionProblems.IsPassing(e))
        {
            // Nobody is asked to pay again by a page that does not know.
            return (ticket.Sent ?? ticket.Quoted) is null ? SentPayment.None : SentPayment.OnItsWay;
        }
    }

    /// <summary>Whether it was confirmed, and is not known to be over to everybody.</summary>
    public bool IsUnderWay(PaymentView payment) => payment.Status is PaymentStatus.Queued or PaymentStatus.Signed
        || (payment.Status == PaymentStatus.Succeeded && payment.CompletedAt + Fresh > business.GetUtcNow());

    private bool IsOpen(PaymentView payment) => payment.Status == PaymentStatus.Pending && payment.ExpiresAt > business.GetUtcNow();

    // By whichever of its names: he may have begun in his app.
    private static bool IsTo(PaymentView payment, CheckoutSale sale)
    {
        var to = sale.Session.PayTo;
        return payment.Destination == to.MuxedAddress
            || (payment.Destination == to.Address && payment.Memo == (payment.Facts?.MemoType == "id" ? to.MemoId : to.Memo));
    }

    private static string KeyOf(params string[] parts) =>
        $"checkout-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))}";

    private IWalletGrain WalletOf(UserId user) => grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value);
}
