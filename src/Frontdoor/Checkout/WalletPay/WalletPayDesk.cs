using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// The way from a session's page to a payment from a wallet here, step by step. What is looked at writes nothing; what is sent by a form
/// leads on to what is looked at.
/// </summary>
internal sealed partial class WalletPayDesk(
    PayerTickets tickets, PayerLogins logins, PayerPayments payments, QuoteDesk quotes, WalletPayPages pages, CheckoutPages others,
    UserRateLimit limits, ILogger<WalletPayDesk> logger)
{
    private const int MostTries = 3;

    /// <summary>What is to be done next.</summary>
    /// <param name="visit">Whose.</param>
    /// <param name="payment">The quote that the address names, or null.</param>
    /// <param name="said">Why it is shown, as the address says: anybody may have made that.</param>
    public async Task<IResult> ShowAsync(PayerVisit visit, string? payment, string? said)
    {
        var (request, why) = (visit.Context.Request, WalletPayReasons.Read(said));
        var followed = await payments.FollowAsync(visit.Ticket, visit.Sale);
        if (followed == SentPayment.OnItsWay)
        {
            return WalletPayAnswers.To(visit, visit.Links.Checkout);
        }

        if (await logins.FindAsync(visit.Ticket, visit.Cancelled) is not { } payer)
        {
            return CheckoutApi.Html(visit.Ticket?.Challenge is not null
                ? await pages.FactorAsync(visit.Sale, visit.Links, request, why: null)
                : await pages.LogInAsync(visit.Sale, visit.Links, request, WhyToLogIn(visit, why, followed)));
        }

        if (await limits.TakeAsync(payer.User.Value) is { } wait)
        {
            return await WalletPayAnswers.BusyAsync(visit, others, wait);
        }

        var name = await logins.NameOfAsync(payer, visit.Cancelled);
        var (wallet, refused) = await payments.ReadAsync(payer.User);
        if (wallet is null)
        {
            return CheckoutApi.Html(await pages.ChooseAsync(visit.Sale, visit.Links, request, refused!.Code, name, wallet: null));
        }

        if (payments.UnderWay(wallet, visit.Sale) is { } sent)
        {
            return Follow(visit, payer, sent);
        }

        if (PayerLogins.RefusalOf(payer) is { } unconfirmed)
        {
            return CheckoutApi.Html(await pages.ChooseAsync(visit.Sale, visit.Links, request, unconfirmed.Code, name, wallet: null));
        }

        var quote = await payments.FindAsync(payer.User, payment, visit.Sale) is { } found && payments.IsGood(found, visit.Sale.Session)
            ? found
            : null;
        if (quote is not null)
        {
            quotes.Remember(visit, quote);
        }

        if (why == WalletPayReasons.StepUp)
        {
            return CheckoutApi.Html(await pages.FactorAsync(visit.Sale, visit.Links, request, why));
        }

        return CheckoutApi.Html(
            quote is not null
                ? await pages.ConfirmAsync(visit.Sale, visit.Links, request, why, name, wallet, quote)
                : await pages.ChooseAsync(
                    visit.Sale, visit.Links, request, why ?? (payment is null ? null : WalletPayReasons.QuoteOver), name, wallet));
    }

    /// <summary>A name and a password.</summary>
    public async Task<IResult> LogInAsync(PayerVisit visit, string? name, string? password)
    {
        var (ticket, refused) = await logins.EnterAsync(name, password, visit.Context, visit.Cancelled);
        if (ticket is null)
        {
            return WalletPayAnswers.Refused(
                visit, refused!, await pages.LogInAsync(visit.Sale, visit.Links, visit.Context.Request, refused!.Code, name));
        }

        // Whoever was logged in here before is so no more.
        var before = await logins.FindAsync(visit.Ticket, visit.Cancelled);
        await logins.EndAsync(visit.Ticket, CancellationToken.None);
        if (before is not null && before.User.Value != ticket.User)
        {
            await quotes.LetGoAsync(visit, before);
            if (await payments.FollowAsync(visit.Ticket, visit.Sale) == SentPayment.OnItsWay)
            {
                // What was sent is what this page shows: nobody is asked to pay it again.
                await logins.EndAsync(ticket, CancellationToken.None);
                return WalletPayAnswers.To(visit, visit.Links.Checkout);
            }
        }

        // Who logs in once more has decided before what he pays.
        var isSame = before is not null && before.User.Value == ticket.User;
        return await quotes.GoOnAsync(visit, isSame ? ticket with { Quoted = visit.Ticket?.Quoted } : ticket);
    }

    /// <summary>A second factor.</summary>
    public async Task<IResult> ShowFactorAsync(PayerVisit visit, string? code)
    {
        var payer = await logins.FindAsync(visit.Ticket, visit.Cancelled);
        if (visit.Ticket is null || (payer is null && visit.Ticket.Challenge is null))
        {
            return WalletPayAnswers.To(visit, visit.Links.Page(why: WalletPayReasons.Over));
        }

        var (ticket, refused) = await logins.ShowAsync(visit.Ticket, payer, code, visit.Context, visit.Cancelled);
        if (ticket is not null)
        {
            return await quotes.GoOnAsync(visit, ticket);
        }

        if (payer is null && refused!.Code == "challenge_invalid")
        {
            tickets.Remove(visit.Context, visit.Id);
            return WalletPayAnswers.To(visit, visit.Links.Page(why: refused.Code));
        }

        return WalletPayAnswers.Refused(
            visit, refused!, await pages.FactorAsync(visit.Sale, visit.Links, visit.Context.Request, refused!.Code));
    }

    /// <summary>Asks what it costs in an asset, or of another that the wallet has.</summary>
    public async Task<IResult> QuoteAsync(PayerVisit visit, string? source) =>
        await logins.FindAsync(visit.Ticket, visit.Cancelled) is { } payer
            ? await quotes.QuoteAsync(visit, payer, source, why: null)
            : WalletPayAnswers.To(visit, visit.Links.Page(why: WalletPayReasons.Over));

    /// <summary>One click.</summary>
    public async Task<IResult> PayAsync(PayerVisit visit, string? id)
    {
        if (await logins.FindAsync(visit.Ticket, visit.Cancelled) is not { } payer)
        {
            return await RepeatAsync(visit, id);
        }

        if (await limits.TakeAsync(payer.User.Value) is { } wait)
        {
            return await WalletPayAnswers.BusyAsync(visit, others, wait);
        }

        if (PayerLogins.RefusalOf(payer) is { } unconfirmed)
        {
            return WalletPayAnswers.To(visit, visit.Links.Page(why: unconfirmed.Code));
        }

        if (await payments.FindAsync(payer.User, id, visit.Sale) is not { } payment)
        {
            return WalletPayAnswers.To(visit, visit.Links.Page(why: WalletPayReasons.QuoteOver));
        }

        if (payment.Status is PaymentStatus.Pending && !payments.IsGood(payment, visit.Sale.Session))
        {
            return await quotes.AnewAsync(visit, payer, payment);
        }

        switch (await ConfirmAsync(payer, payment))
        {
            case null:
                await EndAsync(visit);
                return Follow(visit, payer, payment);
            case WalletPayReasons.SessionOver:
                return WalletPayAnswers.To(visit, visit.Links.Checkout);
            case WalletPayReasons.BeingPaid or "idempotency_key_in_use":
                return WalletPayAnswers.To(visit, visit.Links.Page(why: WalletPayReasons.BeingPaid));
            case var code:
                return WalletPayAnswers.To(visit, visit.Links.Page(payment.Id.Value, code));
        }
    }

    /// <summary>Somebody else, or nobody, is to be logged in here.</summary>
    public async Task<IResult> LeaveAsync(PayerVisit visit)
    {
        // First: of a click at the same time either nothing comes, or it is seen below.
        if (await logins.FindAsync(visit.Ticket, visit.Cancelled) is { } payer)
        {
            await quotes.LetGoAsync(visit, payer);
        }

        var followed = await payments.FollowAsync(visit.Ticket, visit.Sale);
        await logins.EndAsync(visit.Ticket, CancellationToken.None);
        if (followed == SentPayment.OnItsWay)
        {
            // It pays nothing any more, and shows what becomes of what was sent.
            return WalletPayAnswers.To(visit, visit.Links.Checkout);
        }

        tickets.Remove(visit.Context, visit.Id);
        return WalletPayAnswers.To(visit, visit.Links.Page());
    }

    // Why it was not confirmed; null where it was, or may have been.
    private async Task<string?> ConfirmAsync(Payer payer, PaymentView payment)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (await payments.ConfirmAsync(payer, payment)).Refused?.Code;
            }
            catch (OutcomeUnknownException) when (tries < MostTries)
            {
                // The same again is done once, and tells.
            }
            catch (OutcomeUnknownException e)
            {
                // The page looks at it until it is known, and asks for nothing meanwhile.
                LogUnknown(logger, e, payment.Id.Value);
                return null;
            }
        }
    }

    // Of whom nobody is logged in he is told what his own payment came to, or that a login is over: all else an address may say falsely.
    private static string? WhyToLogIn(PayerVisit visit, string? why, SentPayment followed) =>
        followed == SentPayment.NotMade ? WalletPayReasons.NotMade
        : visit.Ticket?.Login is not null || WalletPayReasons.IsOfLogins(why) ? WalletPayReasons.Over
        : null;

    // A second click, after the first has ended the login: it is shown what the first did, and does nothing.
    private async Task<IResult> RepeatAsync(PayerVisit visit, string? id) =>
        visit.Ticket is { Sent: null, User: { } text } && Grains.Identifiers.UserId.TryParse(text, out var user)
        && await payments.FindAsync(user, id, visit.Sale) is { } payment && payments.IsUnderWay(payment)
            ? Follow(visit, user.Value, payment)
            : WalletPayAnswers.To(visit, visit.Links.Page(why: visit.Ticket?.Sent is null ? WalletPayReasons.Over : null));

    private IResult Follow(PayerVisit visit, Payer payer, PaymentView payment) => Follow(visit, payer.User.Value, payment);

    // From here on the ticket shows what becomes of the payment, and pays nothing.
    private IResult Follow(PayerVisit visit, string user, PaymentView payment)
    {
        tickets.Give(visit.Context, visit.Id, tickets.New(user, sent: payment.Id.Value));
        return WalletPayAnswers.To(visit, visit.Links.Checkout);
    }

    private async Task EndAsync(PayerVisit visit)
    {
        try
        {
            await logins.EndAsync(visit.Ticket, CancellationToken.None);
        }
        catch (Exception e) when (ExceptionProblems.IsPassing(e))
        {
            // It ends by itself in minutes; what was paid is not to look as if it failed.
            LogNotEnded(logger, e);
        }
    }

    [LoggerMessage(EventId = 3300, Level = LogLevel.Warning, Message = "It is not known whether the payment {Payment} was confirmed.")]
    private static partial void LogUnknown(ILogger logger, Exception exception, string payment);

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "The login of a payment that was confirmed could not be ended.")]
    private static partial void LogNotEnded(ILogger logger, Exception exception);
}
