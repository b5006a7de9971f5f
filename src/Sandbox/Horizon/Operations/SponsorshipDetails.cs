using System.Text.Json;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Operations;

/// <summary>What the sponsoring operations add.</summary>
internal static class SponsorshipDetails
{
    public static void Write(Utf8JsonWriter json, OperationInPlace operation)
    {
        switch (operation.Body)
        {
            case BeginSponsoringFutureReservesOperation begin:
                json.WriteString("sponsored_id", begin.SponsoredId.ToString());
                break;
            case EndSponsoringFutureReservesOperation when BeginSponsor(operation) is { } sponsor:
                json.WriteMuxed("begin_sponsor", sponsor);
                break;
            case RevokeSponsorshipOperation { Entry: { } entry }:
                WriteKey(json, entry);
                break;
            case RevokeSponsorshipOperation { Signer: { } signer }:
                json.WriteString("signer_account_id", signer.Account.ToString());
                json.WriteString("signer_key", signer.Key.ToStrKey());
                break;
        }
    }

    /// <summary>Who began the sponsorship that this operation ends; unknown where the transaction failed.</summary>
    public static MuxedAccount? BeginSponsor(OperationInPlace end)
    {
        if (!end.Record.Transaction.Successful)
        {
            return null;
        }

        for (var i = end.Record.Index - 2; i >= 0; i--)
        {
            if (end.Envelope.Transaction.Operations[i].Body is BeginSponsoringFutureReservesOperation begin
                && begin.SponsoredId == end.Source.AccountId)
            {
                return end.Envelope.SourceOf(i);
            }
        }

        return null;
    }

    private static void WriteKey(Utf8JsonWriter json, LedgerKey key)
    {
        switch (key)
        {
            case LedgerKeyAccount account:
                json.WriteString("account_id", account.Account.ToString());
                break;
            case LedgerKeyClaimableBalance balance:
                json.WriteString("claimable_balance_id", balance.BalanceId.ToString());
                break;
            case LedgerKeyData data:
                json.WriteString("data_account_id", data.Account.ToString());
                json.WriteString("data_name", data.Name.ToString());
                break;
            case LedgerKeyOffer offer:
                json.WriteDecimal("offer_id", offer.OfferId);
                break;
            case LedgerKeyTrustLine line:
                json.WriteString("trustline_account_id", line.Account.ToString());
                if (line.Asset.Asset is { } asset)
                {
                    json.WriteString("trustline_asset", AssetNames.Of(asset).Canonical);
                }
                else
                {
                    json.WriteString("trustline_liquidity_pool_id", line.Asset.PoolId.ToString());
                }

                break;
        }
    }
}
