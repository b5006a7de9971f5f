using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>Prices a path payment, and says whether a price that moved is still within what was agreed to.</summary>
internal static class PathRules
{
    public const int UsualSlippage = 100;
    public const int MaxSlippage = 1000;

    private const int BasisPoints = 10_000;

    /// <summary>
    /// Reads what a request says of another asset to pay with: nothing where it says nothing, or which of its fields is
    /// wrong.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="asset">What the recipient is to get.</param>
    /// <param name="assets">The assets, besides XLM, that the wallet holds.</param>
    public static (PathTerms? Terms, Error? Wrong) Read(QuoteRequest request, Asset asset, IReadOnlyList<string> assets)
    {
        if (request.SourceAsset is null)
        {
            return (request.SourceAmount, request.MaxSlippageBps) is (null, null)
                ? (null, null)
                : Invalid("source_asset_missing",
                    "source_amount and max_slippage_bps go with source_asset, the asset to pay with.", "source_asset");
        }

        if (QuoteRules.FindAsset(request.SourceAsset, assets) is not { } source)
        {
            return Invalid("unknown_asset", "The wallet does not hold an asset of that name.", "source_asset");
        }

        if (source == asset)
        {
            return Invalid("same_asset",
                "The recipient gets the asset that the payer spends; leave source_asset out.", "source_asset");
        }

        if (request.MaxSlippageBps is < 0 or > MaxSlippage)
        {
            return Invalid("slippage_invalid",
                $"The slippage is 0 to {MaxSlippage} basis points: hundredths of a percent.", "max_slippage_bps");
        }

        long? exact = null;
        if (request.SourceAmount is not null)
        {
            if (!string.IsNullOrEmpty(request.Amount))
            {
                return Invalid("amount_ambiguous",
                    "Either amount, which the recipient gets, or source_amount, which the payer spends, is exact; not both.",
                    "source_amount");
            }

            if (!Amount.TryParseStroops(request.SourceAmount, out var stroops) || stroops == 0)
            {
                return Invalid("amount_invalid", QuoteRules.AmountRule, "source_amount");
            }

            exact = stroops;
        }

        return (new PathTerms(source, exact, request.MaxSlippageBps ?? UsualSlippage), null);
    }

    /// <summary>The best of the ways at this moment with the bounds that the slippage allows, or why there is none.</summary>
    /// <param name="terms">What is asked for.</param>
    /// <param name="asset">What the recipient gets.</param>
    /// <param name="found">The ways that there are.</param>
    /// <param name="failed">How often the ledger refused which of them of late; null for none.</param>
    public static Result<PathPrice> Price(
        PathTerms terms, Asset asset, IReadOnlyList<FoundPath> found, IReadOnlyDictionary<string, int>? failed = null)
    {
        if (Best(terms.Method, found, TriesOf(terms.Source.Canonical, asset.Canonical, failed)) is not { } best)
        {
            return NoPath(terms.Source, asset);
        }

        return terms.Method == PaymentMethod.PathStrictReceive
            ? new PathPrice(
                best.SourceStroops, AtMost(best.SourceStroops, terms.SlippageBasisPoints),
                best.DestinationStroops, best.DestinationStroops, best.Hops)
            : new PathPrice(
                best.SourceStroops, best.SourceStroops,
                best.DestinationStroops, AtLeast(best.DestinationStroops, terms.SlippageBasisPoints), best.Hops);
    }

    /// <summary>The best way at this moment, if it is within what a quoted payment agreed to; else why it is not.</summary>
    public static Result<FoundPath> Recheck(
        PaymentRecord payment, IReadOnlyList<FoundPath> found, IReadOnlyDictionary<string, int>? failed = null)
    {
        var path = payment.Path!;
        var (source, asset) = (Asset.Parse(path.SourceAsset), Asset.Parse(payment.Asset));
        if (Best(payment.Method, found, TriesOf(path.SourceAsset, payment.Asset, failed)) is not { } best)
        {
            return NoPath(source, asset);
        }

        if (payment.Method == PaymentMethod.PathStrictReceive)
        {
            return best.SourceStroops <= path.SourceMaxStroops
                ? best
                : SlippageExceeded(
                    $"{new Amount(asset, payment.Stroops)} now costs {new Amount(source, best.SourceStroops)}, "
                    + $"more than the {new Amount(source, path.SourceMaxStroops)} that the quote allows.");
        }

        return best.DestinationStroops >= path.MinStroops
            ? best
            : SlippageExceeded(
                $"{new Amount(source, path.SourceStroops)} now buys {new Amount(asset, best.DestinationStroops)}, "
                + $"less than the {new Amount(asset, path.MinStroops)} that the quote allows.");
    }

    // The best way may be one that the ledger refuses each time: of offers that a replica shows and that are gone, or of
    // the payer's own.
    private static Func<FoundPath, int> TriesOf(string source, string destination, IReadOnlyDictionary<string, int>? failed) =>
        failed is { Count: > 0 } ? path => failed.GetValueOrDefault(FailedPath.KeyOf(source, path.Hops, destination)) : _ => 0;

    // Of two as good, the one with fewer offers to go wrong.
    private static FoundPath? Best(PaymentMethod method, IReadOnlyList<FoundPath> found, Func<FoundPath, int> triesOf) => found
        .Where(path => triesOf(path) < FailedPath.MostTries)
        .OrderBy(triesOf)
        .ThenBy(path => method == PaymentMethod.PathStrictReceive ? path.SourceStroops : -path.DestinationStroops)
        .ThenBy(path => path.Hops.Count)
        .FirstOrDefault();

    // More than there can be of an asset no wallet has, so the balance refuses it.
    private static long AtMost(long stroops, int slippage) =>
        (long)Int128.Min((((Int128)stroops * (BasisPoints + slippage)) + BasisPoints - 1) / BasisPoints, long.MaxValue);

    // The network takes no payment that may deliver nothing.
    private static long AtLeast(long stroops, int slippage) =>
        (long)Int128.Max((Int128)stroops * (BasisPoints - slippage) / BasisPoints, 1);

    private static Error NoPath(Asset source, Asset asset) => new(ErrorKind.Refused, "no_path",
        $"Nobody offers enough {asset.Code} for {source.Code} at the moment.", "source_asset");

    private static Error SlippageExceeded(string present) => new(ErrorKind.Conflict, "slippage_exceeded",
        $"The price has moved: {present} Please ask for a new quote, or try again.");

    private static (PathTerms? Terms, Error? Wrong) Invalid(string code, string message, string param) =>
        (null, new Error(ErrorKind.InvalidRequest, code, message, param));
}
