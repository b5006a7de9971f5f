using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>What operations that move value add: who, to whom, how much of what.</summary>
internal static class PaymentDetails
{
    public static void Write(Utf8JsonWriter json, OperationInPlace operation)
    {
        switch (operation.Body)
        {
            case CreateAccountOperation create:
                json.WriteAmount("starting_balance", create.StartingBalance);
                json.WriteMuxed("funder", operation.Source);
                json.WriteString("account", create.Destination.ToString());
                break;
            case PaymentOperation payment:
                WritePayment(json, operation, payment.Destination, payment.Asset, payment.Amount);
                break;
            case AccountMergeOperation merge:
                json.WriteMuxed("account", operation.Source);
                json.WriteMuxed("into", merge.Destination);
                break;
            case PathPaymentStrictReceiveOperation receive:
                WritePayment(json, operation, receive.Destination, receive.DestAsset, receive.DestAmount);
                WritePath(json, receive.Path, receive.SendAsset);
                json.WriteAmount("source_amount", PathAmounts.Sent(operation) ?? 0);
                json.WriteAmount("source_max", receive.SendMax);
                break;
            case PathPaymentStrictSendOperation send:
                WritePayment(json, operation, send.Destination, send.DestAsset, PathAmounts.Received(operation) ?? 0);
                WritePath(json, send.Path, send.SendAsset);
                json.WriteAmount("source_amount", send.SendAmount);
                json.WriteAmount("destination_min", send.DestMin);
                break;
        }
    }

    private static void WritePayment(
        Utf8JsonWriter json, OperationInPlace operation, MuxedAccount to, Asset asset, long amount)
    {
        AssetNames.Of(asset).Write(json);
        json.WriteMuxed("from", operation.Source);
        json.WriteMuxed("to", to);
        json.WriteAmount("amount", amount);
    }

    private static void WritePath(Utf8JsonWriter json, ValueList<Asset> path, Asset sent)
    {
        json.WriteStartArray("path");
        foreach (var asset in path)
        {
            AssetNames.Of(asset).WriteObject(json);
        }

        json.WriteEndArray();
        AssetNames.Of(sent).Write(json, "source_");
    }
}
