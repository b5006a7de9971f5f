using System.Globalization;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Sep2;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    public async Task<Result<PaymentView>> QuoteAsync(
        UserId caller, QuoteRequest request, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchWallet;
        }

        var read = QuoteRules.Read(request, State.Address, services.Network.Assets);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        var asks = ClaimableTerms.Read(request);
        if (!asks.IsSuccess)
        {
            return asks.Error;
        }

        var fingerprint = FingerprintOf(request);
        var answered = await FindKeyAsync(IdempotencyLedger.Quote, request.IdempotencyKey, fingerprint, cancellationToken);
        if (answered is not null)
        {
            return await AnsweredAsync(answered, cancellationToken);
        }

        if (await HopelessAsync(read.Value, cancellationToken) is { } hopeless)
        {
            return hopeless;
        }

        var questions = new QuoteQuestions(asks.Value is not null, IsFrozen(read.Value.Leaving), _book.FailedPaths(Now));
        var facts = await services.Facts.ReadAsync(State.Address, read.Value, questions, cancellationToken);
        return await InTurnAsync(() => DecideQuoteAsync(request, fingerprint, facts, asks.Value, cancellationToken));
    }

    // What this wallet alone shows to be in vain costs the network no question.
    private async Task<Error?> HopelessAsync(QuoteTerms terms, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        if (await CheckComplianceAsync(terms.Destination, terms.Recipient, cancellationToken) is { } denied)
        {
            return denied;
        }

        // What was frozen by a contract only the network tells to be free again.
        if (terms.Path is not null || IsFrozen(terms.Leaving)
            || State.Payments.Exists(p => p.Status == PaymentStatus.Pending && p.ExpiresAt <= Now))
        {
            return null;
        }

        var (worth, refusal) = await WorthAsync(terms.Leaving, terms.LeavingStroops, cancellationToken);
        return refusal ?? CheckQuote(terms, worth, Now);
    }

    // In a turn: whatever is awaited comes before the first change.
    private async Task<Result<PaymentView>> DecideQuoteAsync(
        QuoteRequest request, string fingerprint, QuoteFacts facts, int? reclaimDays, CancellationToken cancellationToken)
    {
        var answered = await FindKeyAsync(IdempotencyLedger.Quote, request.IdempotencyKey, fingerprint, cancellationToken);
        if (answered is not null)
        {
            return await AnsweredAsync(answered, cancellationToken);
        }

        var terms = facts.Terms;
        if (await CheckComplianceAsync(terms.Destination, terms.Recipient, cancellationToken) is { } denied)
        {
            return denied;
        }

        var (worth, refusal) = facts.NoPrice is null
            ? await WorthAsync(terms.Leaving, terms.LeavingStroops, cancellationToken)
            : (null, facts.NoPrice);
        var now = Now;
        // A quote whose time is over holds nothing back, even before its wake-up has come.
        _book.ExpireQuotes(now);
        var thawed = _book.ThawIfSeen(terms.Leaving.Canonical, facts.Own);
        refusal ??= CheckQuote(terms, worth, now) ?? facts.Unknown ?? CheckReserve(terms, facts.Own);
        var claimable = default(ClaimableRecord);
        if (refusal is null && DestinationRules.Check(facts.Destination, terms) is { } hindrance)
        {
            (claimable, refusal) = OfferClaimable(facts, reclaimDays, hindrance);
        }

        if (refusal is null)
        {
            var payment = NewPayment(terms, worth!.Value, now);
            SetAside(payment, claimable);
            return await UnlessKeyIsTakenAsync(() => AddAsync(payment, request.IdempotencyKey, fingerprint));
        }

        if (_events.Any || thawed)
        {
            await SaveAsync();
        }

        return refusal;
    }

    private bool IsFrozen(Money.Asset asset) => WalletBalances.IsFrozen(State, asset.Canonical);

    private Task<T> InTurnAsync<T>(Func<Task<T>> decide) => InTurnAsync(id => Self.TakeTurnAsync(id), decide);

    private async Task<Result<PaymentView>> AddAsync(PaymentRecord payment, string? idempotencyKey, string fingerprint)
    {
        RememberKey(IdempotencyLedger.Quote, idempotencyKey, fingerprint, payment.Id);
        _book.Add(payment);
        await SaveAsync();
        LogQuoted(payment.Id, GrainKey);
        return payment.ToView(Id);
    }

    // The fields of before there were paths give the fingerprint of before. What a recipient's domain says may differ each
    // time that it is asked, and is no part of what the payer asks.
    private static string FingerprintOf(QuoteRequest request)
    {
        var confirm = request.ConfirmsAtOnce ? "confirm" : null;
        var destination = FederationAddress.TryParse(request.Recipient, out _) ? null : request.Destination;
        var memo = request.Facts?.OwnMemo == true ? null : request.Memo;
        var more = request.Facts is { OwnMemo: false, MemoType: { } type } ? $"memo {type}" : null;
        if (request.Claimable)
        {
            more = string.Create(CultureInfo.InvariantCulture, $"{more} claimable {request.ReclaimAfterDays}");
        }

        return request.SourceAsset is null && more is null
            ? IdempotencyLedger.Fingerprint(destination, request.Recipient, request.Asset, request.Amount, memo, confirm)
            : IdempotencyLedger.Fingerprint(
                destination, request.Recipient, request.Asset, request.Amount, memo, confirm, more,
                request.SourceAsset, request.SourceAmount, request.MaxSlippageBps?.ToString(CultureInfo.InvariantCulture));
    }

    // The limits first, then the balance.
    private Error? CheckQuote(QuoteTerms terms, long? worth, DateTimeOffset now)
    {
        if ((LimitRules.Check(State, Limits, worth, now) ?? QuoteRules.CheckBalance(State, terms)) is { } refusal)
        {
            return refusal;
        }

        if (State.Status != WalletStatus.Active)
        {
            return NotActive();
        }

        return _book.Open.Count() >= WalletBook.MaxOpenPayments
            ? new Error(ErrorKind.RateLimited, "too_many_open_payments",
                $"A wallet can have {WalletBook.MaxOpenPayments} payments under way. Please wait for one, or cancel one.")
            : null;
    }

    private PaymentRecord NewPayment(QuoteTerms terms, long worth, DateTimeOffset now) => new()
    {
        Id = PaymentId.New(services.Business).Value,
        Status = PaymentStatus.Pending,
        Recipient = terms.Recipient,
        Destination = terms.Destination,
        Asset = terms.Asset.Canonical,
        Stroops = terms.Stroops,
        Memo = terms.Memo,
        LimitUnits = worth,
        CreatedAt = now,
        ExpiresAt = now + services.QuoteLifetime,
        Method = terms.Path?.Method ?? PaymentMethod.Payment,
        Facts = terms.Facts,
        Path = terms.Path is { } path ? terms.Price?.ToRecord(path) : null,
    };

    [LoggerMessage(1030, LogLevel.Information, "Payment {Payment} of wallet {Wallet} was quoted.")]
    private partial void LogQuoted(string payment, string wallet);
}
