using StellarPay.Grains.Money;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.World;

internal sealed partial class FakeLedger
{
    // What a payment moves at the market's present prices, or why it cannot.
    private Transfer? TransferOf(OperationBody body) => body switch
    {
        PaymentOperation pay => new Transfer(
            "payment", Address(pay.Destination), pay.Asset.ToString(), pay.Amount, pay.Asset.ToString(), pay.Amount),
        PathPaymentStrictReceiveOperation pay => Exchanged(
            "path_payment_strict_receive", pay.Destination, pay.SendAsset, pay.DestAsset,
            IsDecoy(pay.SendAsset, pay.DestAsset, pay.Path)
                ? null
                : Market.CostOf(pay.SendAsset.ToString(), pay.DestAsset.ToString(), pay.DestAmount),
            pay.DestAmount,
            (sent, _) => sent > pay.SendMax ? "op_over_source_max" : null),
        PathPaymentStrictSendOperation pay => Exchanged(
            "path_payment_strict_send", pay.Destination, pay.SendAsset, pay.DestAsset,
            pay.SendAmount,
            IsDecoy(pay.SendAsset, pay.DestAsset, pay.Path)
                ? null
                : Market.YieldOf(pay.SendAsset.ToString(), pay.DestAsset.ToString(), pay.SendAmount),
            (_, received) => received < pay.DestMin ? "op_under_dest_min" : null),
        _ => null,
    };

    private bool IsDecoy(Stellar.Xdr.Asset source, Stellar.Xdr.Asset destination, IEnumerable<Stellar.Xdr.Asset> hops) =>
        Market.IsDecoy(source.ToString(), destination.ToString(), hops.Select(hop => hop.ToString()));

    private static Transfer Exchanged(
        string type, MuxedAccount to, Stellar.Xdr.Asset source, Stellar.Xdr.Asset asset, long? sent, long? received,
        Func<long, long, string?> judge) => new(
        type, Address(to), source.ToString(), sent ?? 0, asset.ToString(), received ?? 0,
        sent is { } s && received is { } r ? judge(s, r) : "op_too_few_offers");

    private string Payable(string source, Transfer transfer, Dictionary<string, long> spent)
    {
        var from = Accounts[source];
        if (!Accounts.TryGetValue(transfer.To, out var to))
        {
            return "op_no_destination";
        }

        if (transfer.Refusal is not null)
        {
            return transfer.Refusal;
        }

        var heldBack = transfer.SourceAsset == "native" ? from.Reserve : 0;
        if (from.BalanceOf(transfer.SourceAsset) - heldBack - spent.GetValueOrDefault(transfer.SourceAsset) < transfer.Sent)
        {
            return "op_underfunded";
        }

        if (from.Trustlines.TryGetValue(transfer.SourceAsset, out var line) && !line.Authorized)
        {
            return "op_src_not_authorized";
        }

        if (transfer.Asset != "native")
        {
            if (!to.Trustlines.TryGetValue(transfer.Asset, out var receiving))
            {
                return "op_no_trust";
            }

            if ((Int128)receiving.Balance + transfer.Received > receiving.Limit)
            {
                return "op_line_full";
            }
        }

        spent[transfer.SourceAsset] = spent.GetValueOrDefault(transfer.SourceAsset) + transfer.Sent;
        return "op_success";
    }

    private sealed record Transfer(
        string Type, string To, string SourceAsset, long Sent, string Asset, long Received, string? Refusal = null)
    {
        public Amount Amount => new(Money.Asset.Parse(Asset), Received);

        public Amount? SourceAmount => SourceAsset == Asset ? null : new Amount(Money.Asset.Parse(SourceAsset), Sent);
    }
}
