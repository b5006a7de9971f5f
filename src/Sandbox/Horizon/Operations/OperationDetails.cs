using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.ClaimableBalances;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>An operation with the transaction around it.</summary>
internal sealed record OperationInPlace(HistoryOperation Record, EnvelopeView Envelope, MuxedAccount Source)
{
    public OperationBody Body => Envelope.Transaction.Operations[Record.Index - 1].Body;
}

/// <summary>The members that each kind of operation adds to its resource.</summary>
internal static class OperationDetails
{
    public static void Write(Utf8JsonWriter json, OperationInPlace operation)
    {
        switch (operation.Body)
        {
            case ManageSellOfferOperation or ManageBuyOfferOperation or CreatePassiveSellOfferOperation:
                WriteOffer(json, operation.Body);
                break;
            case SetOptionsOperation setOptions:
                SettingsDetails.Write(json, setOptions);
                break;
            case ChangeTrustOperation or AllowTrustOperation or SetTrustLineFlagsOperation or ClawbackOperation:
                TrustDetails.Write(json, operation);
                break;
            case ManageDataOperation data:
                json.WriteString("name", data.Name.ToString());
                json.WriteString("value", data.Value is { } value ? Convert.ToBase64String(value.AsSpan()) : "");
                break;
            case BumpSequenceOperation bump:
                json.WriteDecimal("bump_to", bump.BumpTo);
                break;
            case CreateClaimableBalanceOperation create:
                json.WriteString("asset", AssetNames.Of(create.Asset).Canonical);
                json.WriteAmount("amount", create.Amount);
                PredicateJson.WriteClaimants(json, create.Claimants);
                break;
            case ClaimClaimableBalanceOperation claim:
                json.WriteString("balance_id", claim.BalanceId.ToString());
                json.WriteMuxed("claimant", operation.Source);
                break;
            case ClawbackClaimableBalanceOperation clawback:
                json.WriteString("balance_id", clawback.BalanceId.ToString());
                break;
            case BeginSponsoringFutureReservesOperation or EndSponsoringFutureReservesOperation
                or RevokeSponsorshipOperation:
                SponsorshipDetails.Write(json, operation);
                break;
            default:
                PaymentDetails.Write(json, operation);
                break;
        }
    }

    private static void WriteOffer(Utf8JsonWriter json, OperationBody body)
    {
        var (amount, price, selling, buying, id) = body switch
        {
            ManageSellOfferOperation sell => (sell.Amount, sell.Price, sell.Selling, sell.Buying, sell.OfferId),
            ManageBuyOfferOperation buy => (buy.BuyAmount, buy.Price, buy.Selling, buy.Buying, (long?)buy.OfferId),
            CreatePassiveSellOfferOperation passive =>
                (passive.Amount, passive.Price, passive.Selling, passive.Buying, null),
            _ => throw new InvalidOperationException($"{body.Type} is no offer."),
        };
        json.WriteAmount("amount", amount);
        json.WritePrice("price", price.N, price.D);
        AssetNames.Of(buying).Write(json, "buying_");
        AssetNames.Of(selling).Write(json, "selling_");
        if (id is { } offerId)
        {
            json.WriteDecimal("offer_id", offerId);
        }
    }
}
