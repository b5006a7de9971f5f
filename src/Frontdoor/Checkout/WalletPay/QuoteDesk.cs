using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>What somebody is asked to confirm: one quote at a time, and the same for as long as it is good.</summary>
internal sealed partial class QuoteDesk(
    PayerTickets tickets, PayerLogins logins, PayerPayments payments, CheckoutPages others, UserRateLimit limits, ILogger<QuoteDesk> logger)
{
    /// <summary>Somebody is logged in, or has shown a factor: on to what he is to pay.</summary>
    public async Task<IResult> GoOnAsync(PayerVisit visit, PayerTicket ticket)
    {
        tickets.Give(visit.Context, visit.Id, ticket);
        var next = visit with { Ticket = ticket };
        if (await logins.FindAsync(ticket, visit.Cancelled) is not { } payer)
        {
            return WalletPayAnswers.To(visit, visit.Links.Page());
        }

        // Who shows a factor once more has decided before what he pays.
        return await payments.FindAsync(payer.User, ticket.Quoted, visit.Sale) is not { } chosen
            ? await QuoteAsync(next, payer, source: null, why: null)
            : payments.IsGood(chosen, visit.Sale.Session) ? ToQuote(next, chosen, why: null)
            : await AnewAsync(next, payer, chosen);
    }

    /// <summary>Leads to a quote: the one that he was shown, as long as it is good, else one of what is left now.</summary>
    public async Task<IResult> QuoteAsync(PayerVisit visit, Payer payer, string? source, string? why)
    {
        if (PayerLogins.RefusalOf(payer) is { } unconfirmed)
        {
            return WalletPayAnswers.To(visit, visit.Links.Page(why: unconfirmed.Code));
        }

        if (await limits.TakeAsync(payer.User.Value) is { } wait)
        {
            return await WalletPayAnswers.BusyAsync(visit, others, wait);
        }

        var (wallet, refused) = await payments.ReadAsync(payer.User);
        if (wallet is null || payments.UnderWay(wallet, visit.Sale) is not null)
        {
            return WalletPayAnswers.To(visit, visit.Links.Page(why: refused?.Code));
        }

        var due = DueOf(visit, wallet);
        var spent = Array.Find(wallet.Wallet.Balances, each => each.Asset.Canonical == source)?.Asset;
        if (await payments.FindAsync(payer.User, visit.Ticket?.Quoted, visit.Sale) is { } shown)
        {
            var isSame = shown.Amount.Asset.Canonical == due.Canonical() && PayerPayments.SourceOf(shown) == spent;
            if (isSame && payments.IsGood(shown, visit.Sale.Session))
            {
                return ToQuote(visit, shown, why);
            }

            // Before the next one is asked for: both together may be more than he has.
            await payments.LetGoAsync(payer.User, shown);
        }

        (var payment, refused) = await payments.QuoteAsync(
            payer, visit.Sale, due, spent is { IsNative: true } ? spent.Value.Code : spent?.Canonical, visit.Cancelled);
        if (payment is not null)
        {
            return ToQuote(visit, payment, why);
        }

        // What is left of two assets with one code is not known, and he cannot say it here.
        why = refused!.Code == "parameter_missing" ? WalletPayReasons.Unavailable : refused.Code;
        return refused.Code == WalletPayReasons.SessionOver
            ? WalletPayAnswers.To(visit, visit.Links.Checkout)
            : WalletPayAnswers.To(visit, (visit.Links with { Asset = due.Canonical() }).Page(payment: null, why));
    }

    /// <summary>In the same asset, by the same way, at what is left now.</summary>
    public Task<IResult> AnewAsync(PayerVisit visit, Payer payer, PaymentView quote) => QuoteAsync(
        visit with { Links = visit.Links with { Asset = quote.Amount.Asset.Canonical } }, payer,
        PayerPayments.SourceOf(quote)?.Canonical, WalletPayReasons.QuoteOver);

    /// <summary>Ends the quote that he was shown. Where that cannot be done all goes on: it ends by itself in minutes.</summary>
    public async Task LetGoAsync(PayerVisit visit, Payer payer)
    {
        try
        {
            await payments.LetGoAsync(payer.User, await payments.FindAsync(payer.User, visit.Ticket?.Quoted, visit.Sale));
        }
        catch (Exception e) when (ExceptionProblems.IsPassing(e))
        {
            LogNotLetGo(logger, e);
        }
    }

    private IResult ToQuote(PayerVisit visit, PaymentView quote, string? why)
    {
        Remember(visit, quote);
        return WalletPayAnswers.To(visit, (visit.Links with { Asset = quote.Amount.Asset.Canonical }).Page(quote.Id.Value, why));
    }

    /// <summary>
    /// Notes in the ticket what he is shown, before he can click: the answer to that may be lost, and with it what says that something was
    /// sent.
    /// </summary>
    public void Remember(PayerVisit visit, PaymentView quote)
    {
        if (visit.Ticket is { Login: not null } ticket && ticket.Quoted != quote.Id.Value)
        {
            tickets.Give(visit.Context, visit.Id, ticket with { Quoted = quote.Id.Value });
        }
    }

    // What he asks for; else what he has enough of, with what is reserved for it already.
    private static SessionAssetAnswer DueOf(PayerVisit visit, WalletSnapshot wallet)
    {
        SessionAssetAnswer[] dues = [.. CheckoutStates.Dues(visit.Sale.Session)];
        return Array.Find(dues, due => due.Canonical() == visit.Links.Asset || due.Asset == visit.Links.Asset)
            ?? Array.Find(dues, due => Array.Exists(wallet.Wallet.Balances, balance =>
                balance.Asset.Canonical == due.Canonical() && Amount.TryParseStroops(due.Amount, out var stroops)
                && checked(balance.Spendable + PayerPayments.ReservedFor(wallet, visit.Sale, balance.Asset)) >= stroops))
            ?? dues[0];
    }

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "A quote that is not used any more could not be cancelled.")]
    private static partial void LogNotLetGo(ILogger logger, Exception exception);
}
