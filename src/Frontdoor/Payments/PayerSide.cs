using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Grains.Events;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Payments;

/// <summary>The payer's side of a payment that spends another asset than its recipient gets, as the wire shows it.</summary>
internal sealed record PayerSide(
    Asset Asset, string Amount, string Max, string ReceivedMin, string Rate, string[] Path, string? Paid, string? Received)
{
    public static PayerSide? Of(PathView? path, long stroops) => path is null
        ? null
        : new PayerSide(
            path.Source.Asset, path.Source.ToDecimalString(), Text(path.SourceMaxStroops), Text(path.MinStroops),
            ExchangeRate.Format(stroops, path.Source.Stroops), Named(path.Hops), Text(path.SentStroops), Text(path.ReceivedStroops));

    public static PayerSide? Of(PathEventData? path) => path is null
        ? null
        : new PayerSide(
            Asset.Parse(path.SourceAsset), path.SourceAmount, path.SourceMax, path.AmountMin, path.Rate, Named(path.Path),
            path.Sent, path.Received);

    public static PayerSide? Of(HistoryPath? path, long stroops) => path is null
        ? null
        : new PayerSide(
            Asset.Parse(path.SourceAsset), Text(path.SourceStroops), Text(path.SourceMaxStroops), Text(path.MinStroops),
            ExchangeRate.Format(stroops, path.SourceStroops),
            Named(path.Hops.Split(',', StringSplitOptions.RemoveEmptyEntries)), Text(path.SentStroops), Text(path.ReceivedStroops));

    // As requests name assets.
    private static string[] Named(IEnumerable<string> hops) =>
        [.. hops.Select(hop => Asset.Parse(hop) is { IsNative: true } native ? native.Code : hop)];

    private static string Text(long stroops) => Grains.Money.Amount.Format(stroops);

    private static string? Text(long? stroops) => stroops is { } known ? Text(known) : null;
}
