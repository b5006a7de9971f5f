using StellarPay.Grains.Claims;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Payments;

/// <summary>What the network says of a payment that is to be quoted. Only makes a wallet refuse, warn or choose.</summary>
internal sealed record QuoteFacts
{
    /// <summary>The terms, with their price where the payer spends another asset.</summary>
    public required QuoteTerms Terms { get; init; }

    /// <summary>Why there is no price, or null.</summary>
    public Error? NoPrice { get; init; }

    /// <summary>Why some of the rest is not known, or null.</summary>
    public Error? Unknown { get; init; }

    /// <summary>The recipient's account; null where there is none.</summary>
    public NetworkAccount? Destination { get; init; }

    /// <summary>Whether the recipient's account is just being opened by us, which is all that hinders.</summary>
    public bool Opens { get; init; }

    /// <summary>The wallet's own account, where that matters; else null.</summary>
    public NetworkAccount? Own { get; init; }

    /// <summary>The network's latest ledger, where that matters; else null.</summary>
    public LedgerClose? Latest { get; init; }

    /// <summary>Until when the payment session is paid that the payment names; null where it names none.</summary>
    public PayableUntil? Session { get; init; }

    /// <summary>Who takes a fee for it; null where that was not asked.</summary>
    public FeePlace? FeePlace { get; init; }
}

/// <summary>What is to be asked for a quote besides what always is.</summary>
/// <param name="Claimable">Whether it may become a claimable balance.</param>
/// <param name="Own">Whether the wallet's own account is to be looked at whatever it pays.</param>
/// <param name="FailedPaths">How often the ledger refused ways of late, by <see cref="FailedPath.KeyOf"/>.</param>
/// <param name="Fee">Whether it may cost a fee.</param>
internal sealed record QuoteQuestions(bool Claimable, bool Own, IReadOnlyDictionary<string, int> FailedPaths, bool Fee = false);

/// <summary>Asks the network what a quote depends on, beside the wallet's turns, and not for long.</summary>
internal sealed class QuoteFactsReader(
    INetworkQuestions network, IPayeeAccounts payees, PayeeFacts known, IPathFinder paths, QuestionBudget budget, NetworkClock clock,
    FeeCollector fees, TimeProvider time)
{
    /// <summary>A caller is told that the network is slow rather than kept for longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The network took longer than a caller is kept.</summary>
    public static Error Slow { get; } = new(ErrorKind.Unavailable, "network_slow",
        "The Stellar network is slow at the moment. Nothing was changed. Please try again.");

    /// <summary>The network gave no answer that tells.</summary>
    public static Error Unavailable { get; } = new(ErrorKind.Unavailable, "network_unavailable",
        "The Stellar network does not answer at the moment. Nothing was changed. Please try again.");

    /// <summary>The network was not asked, or gave no answer that tells.</summary>
    public static Error Of(NetworkUnavailableException unavailable) => unavailable.BusyFor is { } wait
        ? new Error(ErrorKind.Unavailable, "network_busy",
            "The Stellar network is asked for more than it allows. Nothing was changed. Please try again later.", RetryAfter: wait)
        : Unavailable;

    public async Task<QuoteFacts> ReadAsync(
        string wallet, QuoteTerms terms, QuoteQuestions asks, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var facts = new QuoteFacts { Terms = terms };
        try
        {
            var priced = await PriceAsync(wallet, terms, asks.FailedPaths, either.Token);
            if (!priced.IsSuccess)
            {
                return facts with { NoPrice = priced.Error };
            }

            facts = facts with
            {
                Terms = priced.Value,
                FeePlace = asks.Fee ? await fees.FindAsync(terms.Leaving, either.Token) : null,
                Session = await payees.FindSessionAsync(terms.Destination, terms.Facts, terms.Memo, either.Token),
            };
            // A slow network delays nobody who pays one of ours. Our books spare a question, and refuse nobody: that an issuer's
            // contract lets the payee receive again, only the network shows.
            var ours = await payees.FindAsync(terms.Account, terms.Asset.Canonical, either.Token);
            var takes = ours is not null && DestinationRules.Check(ours, facts.Terms) is null;
            facts = facts with { Destination = takes ? ours : known.Find(facts.Terms) };
            if (facts.Destination is null)
            {
                var (destination, tooMany) = await AskAsync(wallet, terms.Account, either.Token);
                if (tooMany is not null)
                {
                    return facts with { Unknown = tooMany };
                }

                facts = facts with { Destination = destination };
            }

            var refusal = DestinationRules.Check(facts.Destination, facts.Terms);
            var claimable = refusal is not null && ClaimableTerms.Helps(refusal, facts.Terms);
            // Who asks for a claimable balance gets one.
            if (refusal is not null && !(claimable && asks.Claimable) && OpeningWait.Helps(refusal, facts.Terms)
                && await payees.FindStatusAsync(terms.Account, either.Token) == WalletStatus.Opening)
            {
                return facts with { Opens = true };
            }

            if (claimable || asks.Own)
            {
                var (own, tooMany) = await AskAsync(wallet, wallet, either.Token);
                if (tooMany is not null)
                {
                    return facts with { Unknown = tooMany };
                }

                facts = facts with { Own = own };
            }

            return claimable && asks.Claimable ? facts with { Latest = await clock.GetAsync(either.Token) } : facts;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return facts with { Unknown = Of(unavailable) };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return facts with { Unknown = Slow };
        }
    }

    /// <summary>The wallet's own account, or why that is not known.</summary>
    public async Task<(NetworkAccount? Own, Error? Unknown)> ReadOwnAsync(string wallet, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await AskAsync(wallet, wallet, either.Token);
        }
        catch (NetworkUnavailableException unavailable)
        {
            return (null, Of(unavailable));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, Slow);
        }
    }

    /// <summary>Why the payment session that a payment names can no longer be paid, or null.</summary>
    public async Task<Error?> RecheckSessionAsync(PaymentRecord payment, DateTimeOffset now, CancellationToken cancellationToken) =>
        payment.NotAfter is null
            ? null
            : SessionRules.Check(
                await payees.FindSessionAsync(payment.Destination, payment.Facts, payment.Memo, cancellationToken), now);

    /// <summary>Which assets a path payment passes through now, or why its price is not what was agreed to.</summary>
    public async Task<Result<string[]>> RecheckAsync(
        string wallet, PaymentRecord payment, PathRecord path, IReadOnlyDictionary<string, int> failed,
        CancellationToken cancellationToken)
    {
        if (budget.Take(wallet) is { } tooMany)
        {
            return tooMany;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var found = payment.Method == PaymentMethod.PathStrictSend
                ? await paths.FindStrictSendAsync(path.SourceAsset, path.SourceStroops, payment.Asset, either.Token)
                : await paths.FindStrictReceiveAsync(path.SourceAsset, payment.Asset, payment.Stroops, either.Token);
            var best = PathRules.Recheck(payment, found, failed);
            return best.IsSuccess ? best.Value.Hops.ToArray() : best.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Of(unavailable);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Slow;
        }
    }

    private async Task<(NetworkAccount? Account, Error? TooMany)> AskAsync(
        string wallet, string address, CancellationToken cancellationToken)
    {
        if (budget.Take(wallet) is { } tooMany)
        {
            return (null, tooMany);
        }

        var at = time.GetTimestamp();
        var account = await network.GetAccountAsync(address, cancellationToken);
        if (account is not null && address != wallet)
        {
            known.Keep(address, account, at);
        }

        return (account, null);
    }

    private async Task<Result<QuoteTerms>> PriceAsync(
        string wallet, QuoteTerms terms, IReadOnlyDictionary<string, int> failed, CancellationToken cancellationToken)
    {
        if (terms.Path is not { } path)
        {
            return terms;
        }

        if (budget.Take(wallet) is { } tooMany)
        {
            return tooMany;
        }

        var (source, asset) = (path.Source.Canonical, terms.Asset.Canonical);
        var found = path.SourceStroops is { } exact
            ? await paths.FindStrictSendAsync(source, exact, asset, cancellationToken)
            : await paths.FindStrictReceiveAsync(source, asset, terms.Stroops, cancellationToken);
        var price = PathRules.Price(path, terms.Asset, found, failed);
        return price.IsSuccess ? terms with { Stroops = price.Value.Stroops, Price = price.Value } : price.Error;
    }
}
