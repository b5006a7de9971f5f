using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Quotes: what the network and the silo say is fetched beside the wallet's turns, then it is decided in one. Where the payer
/// confirms at once, that is the same turn and the same write.
/// </summary>
internal sealed partial class WalletQuotes(
    IPaymentGate gate, QuoteFactsReader reader, WalletCompliance compliance, WalletLimitRules limits, WalletStepUp stepUp,
    MinimumPayment minimum, OperationFees fees, UserBudgets budgets,
    WalletConfirmations confirmations, IOptions<NetworkOptions> network, IOptions<WalletOptions> wallets,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business, ILogger<WalletQuotes> logger)
{
    private readonly IReadOnlyList<string> _assets = network.Value.Assets;
    private readonly TimeSpan _lifetime = TimeSpan.FromSeconds(wallets.Value.QuoteSeconds);

    /// <summary>Quotes a payment, and confirms it where that is asked for.</summary>
    public async Task<Result<PaymentView>> QuoteAsync(
        IWalletContext wallet, QuoteRequest request, CancellationToken cancellationToken)
    {
        var quoted = await AnswerAsync(wallet, request, redeems: null, cancellationToken);
        // A path's price is asked for once more when it is confirmed: that is another turn, which may not have been reached
        // when this was asked first.
        return request.ConfirmsAtOnce && quoted is { IsSuccess: true, Value.Status: PaymentStatus.Pending }
            ? await confirmations.ConfirmAsync(wallet, quoted.Value.Id, request.IdempotencyKey, request.Proof, cancellationToken)
            : stepUp.Foretell(wallet, quoted, request.Proof);
    }

    /// <summary>
    /// Makes the payment of an invitation that is due, confirmed at once. Its amount is reserved already, limits and proof were asked for
    /// when it was made, and it takes no place of what its sender asks for now: he could keep it from its recipient so. All else is
    /// checked as of any payment. The write that makes it ends the invitation's waiting, so that it is made once.
    /// </summary>
    public Task<Result<PaymentView>> RedeemAsync(
        IWalletContext wallet, InvitationId invitation, QuoteRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(wallet, request, invitation, cancellationToken);

    private async Task<Result<PaymentView>> AnswerAsync(
        IWalletContext wallet, QuoteRequest request, InvitationId? redeems, CancellationToken cancellationToken)
    {
        if (wallet.State.Status is WalletStatus.Unopened or WalletStatus.Closing or WalletStatus.Closed)
        {
            return IWalletContext.CheckActive(wallet.State)!;
        }

        var read = QuoteRules.Read(request, wallet.State.Address, _assets);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        var asks = ClaimableTerms.Read(request);
        if (!asks.IsSuccess)
        {
            return asks.Error;
        }

        var order = new QuoteOrder(request, QuoteFingerprint.Of(request), asks.Value, redeems);
        var answered = await wallet.Answers.FindKeyAsync(
            IdempotencyLedger.Quote, request.IdempotencyKey, order.Fingerprint, wallet.Now, cancellationToken);
        if (answered is not null)
        {
            return await wallet.InTurnAsync(() => wallet.Answers.RepeatAsync(answered, cancellationToken));
        }

        if (await HopelessAsync(wallet, read.Value, redeems, cancellationToken) is { } hopeless)
        {
            return hopeless;
        }

        var questions = new QuoteQuestions(
            asks.Value is not null,
            IsFrozen(wallet, read.Value.Leaving) || QuoteRules.HasReserve(wallet.State, read.Value),
            FailedPaths.Of(wallet.State, wallet.Now),
            fees.IsNear(wallet.State, wallet.Now));
        var facts = await reader.ReadAsync(wallet.State.Address, read.Value, questions, cancellationToken);
        // A market tells it, which may be slow.
        var worth = facts.NoPrice is { } noPrice
            ? PaymentWorth.Unknown(noPrice)
            : await limits.WorthAsync(facts.Terms.Leaving, facts.Terms.LeavingStroops, wallet.Now, cancellationToken);
        if (!request.ConfirmsAtOnce || read.Value.Path is not null)
        {
            return await wallet.InTurnAsync(() => DecideAsync(wallet, order, facts, worth, confirm: null, cancellationToken));
        }

        var sponsored = asks.Value is not null && !facts.Opens && DestinationRules.Check(facts.Destination, facts.Terms) is not null;
        var signing = await wallet.Engine.PrepareAsync(sponsored, cancellationToken);
        return await wallet.InTurnAsync(
            () => DecideAsync(wallet, order, facts, worth, new ConfirmFacts(Hops: null, signing), cancellationToken));
    }

    // What this wallet alone shows to be in vain costs the network no question.
    private async Task<Error?> HopelessAsync(
        IWalletContext wallet, QuoteTerms terms, InvitationId? redeems, CancellationToken cancellationToken)
    {
        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        if (await compliance.CheckAsync(wallet, terms.Destination, terms.Recipient, cancellationToken) is { } denied)
        {
            return denied;
        }

        // What was frozen by a contract only the network tells to be free again.
        if (terms.Path is not null || IsFrozen(wallet, terms.Leaving)
            || wallet.State.Payments.Exists(p => p.Status == PaymentStatus.Pending && p.ExpiresAt <= wallet.Now))
        {
            return null;
        }

        var worth = await limits.WorthAsync(terms.Leaving, terms.LeavingStroops, wallet.Now, cancellationToken);
        return worth.Refusal ?? Check(wallet, terms, worth.Units, redeems)
            ?? minimum.Check(PaymentKinds.Of(PaymentMethod.Payment), terms, worth);
    }

    // In a turn: whatever is awaited comes before the first change.
    private async Task<Result<PaymentView>> DecideAsync(
        IWalletContext wallet, QuoteOrder order, QuoteFacts facts, PaymentWorth worth, ConfirmFacts? confirm,
        CancellationToken cancellationToken)
    {
        var (key, now) = (order.Request.IdempotencyKey, wallet.Now);
        var answered = await wallet.Answers.FindKeyAsync(
            IdempotencyLedger.Quote, key, order.Fingerprint, now, cancellationToken);
        if (answered is not null)
        {
            return await wallet.Answers.RepeatAsync(answered, cancellationToken);
        }

        if (order.Redeems is { } due && wallet.Book.Invitations.HeldFor(due) == 0)
        {
            return InvitationErrors.NotDue;
        }

        var terms = facts.Terms;
        if (await compliance.CheckAsync(wallet, terms.Destination, terms.Recipient, cancellationToken) is { } denied)
        {
            return denied;
        }

        // A quote whose time is over holds nothing back, even before its wake-up has come.
        wallet.Book.Payments.ExpireQuotes(now);
        var thawed = Trustlines.ThawIfSeen(wallet.State, terms.Leaving.Canonical, facts.Own);
        worth = wallet.Book.Invitations.FindDue(order.Redeems) is { } invited && worth.Refusal is null
            ? worth with { Units = invited.LimitUnits }
            : worth;
        var refusal = worth.Refusal ?? Check(wallet, terms, worth.Units, order.Redeems) ?? SessionRules.Check(facts.Session, now)
            ?? facts.Unknown ?? CheckReserve(wallet, terms, facts.Own, order.Redeems, fee: null);
        var method = terms.Path?.Method ?? PaymentMethod.Payment;
        var claimable = default(ClaimableRecord);
        if (refusal is null && PaymentKinds.Of(method).Check(facts) is { } hindrance)
        {
            // What the recipient is about to have is waited for.
            (claimable, refusal) = facts.Opens ? (null, null) : ClaimableOffers.Of(wallet, facts, order.ReclaimDays, hindrance, budgets);
        }

        method = claimable is null ? method : PaymentMethod.ClaimableBalance;
        refusal ??= minimum.Check(PaymentKinds.Of(method), terms, worth);
        var fee = default(PaymentFee);
        // An invitation's sender is not there to be asked for more than he set aside; there are few of them in a day.
        if (refusal is null && order.Redeems is null)
        {
            (fee, refusal) = fees.Of(wallet.State, PaymentKinds.Of(method), facts, worth, now);
            refusal ??= CheckReserve(wallet, terms, facts.Own, order.Redeems, fee);
        }

        if (order.Request.ConfirmsAtOnce)
        {
            refusal ??= stepUp.Check(wallet.State, terms.Destination, worth.Units!.Value, order.Request.Proof);
        }

        if (refusal is null)
        {
            var id = order.Redeems?.Payment ?? PaymentId.New(business);
            var payment = NewPayment(id, terms, method, claimable, worth, now);
            (payment.Fee, payment.Opening) = (fee, facts.Opens ? new OpeningWait() : null);
            payment.EndsWith(facts.Session, order.Request.PaysRest);
            if (confirm is not null && (wallet.Events.Any || thawed))
            {
                // Nothing is awaited between a change and its write.
                await wallet.SaveAsync();
                thawed = false;
            }

            var confirmed = confirm is null
                ? null
                : await confirmations.SignNowAsync(wallet, payment, confirm, cancellationToken);
            refusal = confirmed?.Refusal;
            if (refusal is null)
            {
                return await wallet.Answers.UnlessKeyIsTakenAsync(() => AddAsync(wallet, payment, confirmed, order));
            }
        }

        if (wallet.Events.Any || thawed)
        {
            await wallet.SaveAsync();
        }

        return refusal;
    }

    private async Task<Result<PaymentView>> AddAsync(
        IWalletContext wallet, PaymentRecord payment, Confirmation? confirmed, QuoteOrder order)
    {
        wallet.Answers.Remember(IdempotencyLedger.Quote, order.Request.IdempotencyKey, order.Fingerprint, payment.Id, wallet.Now);
        if (order.Redeems is { } invitation)
        {
            wallet.Book.Invitations.Pay(invitation, payment);
        }

        wallet.Book.Payments.Add(payment);
        if (confirmed is null)
        {
            await wallet.SaveAsync();
        }
        else
        {
            await confirmations.StoreAsync(wallet, payment, confirmed, order.Request.Proof);
        }

        LogQuoted(payment.Id, wallet.Key);
        return payment.ToView(wallet.Id);
    }

    private static bool IsFrozen(IWalletContext wallet, Asset asset) => WalletBalances.IsFrozen(wallet.State, asset.Canonical);

    // The limits first, then the balance.
    private Error? Check(IWalletContext wallet, QuoteTerms terms, long? worth, InvitationId? redeems)
    {
        if (((redeems is null ? LimitRules.Check(wallet.State, limits.Of(wallet), worth, wallet.Now) : null)
            ?? QuoteRules.CheckBalance(wallet.State, terms, wallet.Book.Invitations.HeldFor(redeems))) is { } refusal)
        {
            return refusal;
        }

        if (IWalletContext.CheckActive(wallet.State) is { } notActive)
        {
            return notActive;
        }

        return redeems is null && wallet.Book.Payments.Open.Count() >= PaymentBook.MaxOpen
            ? new Error(ErrorKind.RateLimited, "too_many_open_payments",
                $"A wallet can have {PaymentBook.MaxOpen} payments under way. Please wait for one, or cancel one.")
            : null;
    }

    private static Error? CheckReserve(
        IWalletContext wallet, QuoteTerms terms, NetworkAccount? own, InvitationId? redeems, PaymentFee? fee) =>
        QuoteRules.CheckReserve(wallet.State, terms, own, wallet.Book.Invitations.HeldFor(redeems), fee?.Stroops ?? 0);

    private PaymentRecord NewPayment(
        PaymentId id, QuoteTerms terms, PaymentMethod method, ClaimableRecord? claimable, PaymentWorth worth, DateTimeOffset now) => new()
        {
            Id = id.Value,
            Status = PaymentStatus.Pending,
            Recipient = terms.Recipient,
            Destination = terms.Destination,
            Asset = terms.Asset.Canonical,
            Stroops = terms.Stroops,
            Memo = terms.Memo,
            LimitUnits = worth.Units!.Value,
            MostFeeStroops = worth.MostFeeStroops,
            CreatedAt = now,
            ExpiresAt = now + _lifetime,
            Method = method,
            Claimable = claimable,
            Facts = terms.Facts,
            Path = terms.Path is { } path ? terms.Price?.ToRecord(path) : null,
        };

    [LoggerMessage(1030, LogLevel.Debug, "Payment {Payment} of wallet {Wallet} was quoted.")]
    private partial void LogQuoted(string payment, string wallet);

    /// <summary>What is asked for, as it was read.</summary>
    private sealed record QuoteOrder(QuoteRequest Request, string Fingerprint, int? ReclaimDays, InvitationId? Redeems);
}
