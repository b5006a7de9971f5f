using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // The same terms, with their price where the payer spends another asset than the recipient gets.
    private async Task<Result<QuoteTerms>> PriceAsync(QuoteTerms terms, CancellationToken cancellationToken)
    {
        if (terms.Path is not { } path)
        {
            return terms;
        }

        try
        {
            var (source, asset) = (path.Source.Canonical, terms.Asset.Canonical);
            var found = path.SourceStroops is { } exact
                ? await services.Paths.FindStrictSendAsync(source, exact, asset, cancellationToken)
                : await services.Paths.FindStrictReceiveAsync(source, asset, terms.Stroops, cancellationToken);
            var price = PathRules.Price(path, terms.Asset, found);
            return price.IsSuccess ? terms with { Stroops = price.Value.Stroops, Price = price.Value } : price.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
    }

    // A price is of the moment: a path payment is confirmed on the best path of this one, if that keeps what the quote
    // promised. Else it stays as it is.
    private async Task<Result<PaymentView>> ConfirmPendingAsync(
        PaymentRecord payment, string? idempotencyKey, string fingerprint, CancellationToken cancellationToken)
    {
        if (payment.Path is not { } path)
        {
            return await ConfirmCheckedAsync(payment, idempotencyKey, fingerprint, cancellationToken);
        }

        var hops = await RecheckAsync(payment, path, cancellationToken);
        if (!hops.IsSuccess)
        {
            return hops.Error;
        }

        var quoted = path.Hops;
        path.Hops = [.. hops.Value];
        var confirmed = await ConfirmCheckedAsync(payment, idempotencyKey, fingerprint, cancellationToken);
        if (!confirmed.IsSuccess)
        {
            path.Hops = quoted;
        }

        return confirmed;
    }

    // The assets to pass through at this moment, or why the price is not what was agreed to.
    private async Task<Result<string[]>> RecheckAsync(
        PaymentRecord payment, PathRecord path, CancellationToken cancellationToken)
    {
        try
        {
            var found = payment.Method == PaymentMethod.PathStrictSend
                ? await services.Paths.FindStrictSendAsync(path.SourceAsset, path.SourceStroops, payment.Asset, cancellationToken)
                : await services.Paths.FindStrictReceiveAsync(path.SourceAsset, payment.Asset, payment.Stroops, cancellationToken);
            var best = PathRules.Recheck(payment, found);
            if (best.IsSuccess)
            {
                return best.Value.Hops.ToArray();
            }

            LogPriceMoved(payment.Id, best.Error.Code, best.Error.Message);
            return best.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
    }

    [LoggerMessage(1710, LogLevel.Information, "Payment {Payment} is not confirmed: {Code}. {Reason}")]
    private partial void LogPriceMoved(string payment, string code, string reason);
}
