using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.ClaimableBalances;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>The effects of operations on claimable balances.</summary>
internal static class BalanceEffects
{
    public static void Collect(AppliedOperation operation, EffectSink sink)
    {
        switch (operation.Body, operation.ChangeOf<ClaimableBalance>())
        {
            case (CreateClaimableBalanceOperation create, { After: ClaimableBalance balance }):
                Created(operation.Source, create, balance, sink);
                break;
            case (ClaimClaimableBalanceOperation, { Before: ClaimableBalance balance, After: null }):
                sink.Add(EffectType.ClaimableBalanceClaimed, operation.Source, json => WriteBalance(json, balance));
                sink.Move(EffectType.AccountCredited, operation.Source, balance.Asset, balance.Amount);
                break;
            case (ClawbackClaimableBalanceOperation, { Before: ClaimableBalance balance, After: null }):
                sink.Add(EffectType.ClaimableBalanceClawedBack, operation.Source, json =>
                    json.WriteString("balance_id", IdOf(balance)));
                sink.Move(EffectType.AccountCredited, operation.Source, balance.Asset, balance.Amount);
                break;
        }
    }

    public static string IdOf(ClaimableBalance balance) => new ClaimableBalanceId(balance.Id).ToString();

    private static void Created(
        MuxedAccount source, CreateClaimableBalanceOperation create, ClaimableBalance balance, EffectSink sink)
    {
        sink.Add(EffectType.ClaimableBalanceCreated, source, json => WriteBalance(json, balance));
        foreach (var claimant in create.Claimants)
        {
            sink.Add(EffectType.ClaimableBalanceClaimantCreated, claimant.Destination, json =>
            {
                WriteBalance(json, balance);
                json.WritePropertyName("predicate");
                PredicateJson.Write(json, claimant.Predicate);
            });
        }

        sink.Move(EffectType.AccountDebited, source, balance.Asset, balance.Amount);
    }

    private static void WriteBalance(Utf8JsonWriter json, ClaimableBalance balance)
    {
        json.WriteString("asset", AssetNames.Of(balance.Asset).Canonical);
        json.WriteString("balance_id", IdOf(balance));
        json.WriteAmount("amount", balance.Amount);
    }
}
