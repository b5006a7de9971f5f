using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Operations;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>The effects of an operation that succeeded, in Horizon's order.</summary>
internal static class OperationEffects
{
    private const int DefaultSignerWeight = 1;

    public static void Collect(AppliedOperation operation, EffectSink sink)
    {
        switch (operation.Body)
        {
            case CreateAccountOperation create:
                Created(create, operation.Source, sink);
                break;
            case PaymentOperation payment:
                sink.Move(EffectType.AccountCredited, payment.Destination, payment.Asset, payment.Amount);
                sink.Move(EffectType.AccountDebited, operation.Source, payment.Asset, payment.Amount);
                break;
            case PathPaymentStrictReceiveOperation or PathPaymentStrictSendOperation:
                PathPayment(operation, sink);
                break;
            case AccountMergeOperation merge when operation.Result?.Inner is AccountMergeResult { SourceBalance: { } all }:
                sink.Move(EffectType.AccountDebited, operation.Source, Asset.Native, all);
                sink.Move(EffectType.AccountCredited, merge.Destination, Asset.Native, all);
                sink.Add(EffectType.AccountRemoved, operation.Source);
                break;
            case ManageSellOfferOperation or ManageBuyOfferOperation or CreatePassiveSellOfferOperation:
                TradeEffects.Collect(operation, sink);
                break;
            case SetOptionsOperation setOptions:
                SettingsEffects.Collect(operation, setOptions, sink);
                break;
            case ChangeTrustOperation or AllowTrustOperation or SetTrustLineFlagsOperation:
                TrustEffects.Collect(operation, sink);
                break;
            case ClawbackOperation clawback:
                sink.Move(EffectType.AccountCredited, operation.Source, clawback.Asset, clawback.Amount);
                sink.Move(EffectType.AccountDebited, clawback.From, clawback.Asset, clawback.Amount);
                break;
            case ManageDataOperation data:
                Data(operation, data, sink);
                break;
            case BumpSequenceOperation when operation.ChangeOf<Account>() is
                { Before: Account before, After: Account after } && before.Sequence != after.Sequence:
                sink.Add(EffectType.SequenceBumped, operation.Source, json =>
                    json.WriteDecimal("new_seq", after.Sequence));
                break;
            default:
                BalanceEffects.Collect(operation, sink);
                break;
        }

        SponsorshipEffects.Collect(operation, sink);
    }

    private static void Created(CreateAccountOperation create, MuxedAccount funder, EffectSink sink)
    {
        sink.Add(EffectType.AccountCreated, create.Destination, json =>
            json.WriteAmount("starting_balance", create.StartingBalance));
        sink.Move(EffectType.AccountDebited, funder, Asset.Native, create.StartingBalance);
        sink.Add(EffectType.SignerCreated, create.Destination, json =>
        {
            json.WriteNumber("weight", DefaultSignerWeight);
            json.WriteString("public_key", create.Destination.ToString());
            json.WriteString("key", "");
        });
    }

    private static void PathPayment(AppliedOperation operation, EffectSink sink)
    {
        switch (operation.Body, operation.Result?.Inner)
        {
            case (PathPaymentStrictReceiveOperation receive, PathPaymentStrictReceiveResult { Success: { } success }):
                sink.Move(EffectType.AccountCredited, receive.Destination, receive.DestAsset, receive.DestAmount);
                sink.Move(
                    EffectType.AccountDebited, operation.Source, receive.SendAsset,
                    PathAmounts.Sent(success, receive.SendAsset));
                break;
            case (PathPaymentStrictSendOperation send, PathPaymentStrictSendResult { Success: { } success }):
                sink.Move(EffectType.AccountCredited, send.Destination, send.DestAsset, success.Last.Amount);
                sink.Move(EffectType.AccountDebited, operation.Source, send.SendAsset, send.SendAmount);
                break;
        }

        TradeEffects.Collect(operation, sink);
    }

    private static void Data(AppliedOperation operation, ManageDataOperation data, EffectSink sink)
    {
        if (operation.ChangeOf<NamedData>() is not { } change)
        {
            return;
        }

        var type = (change.Before, change.After) switch
        {
            (null, _) => EffectType.DataCreated,
            (_, null) => EffectType.DataRemoved,
            _ => EffectType.DataUpdated,
        };
        sink.Add(type, operation.Source, json =>
        {
            json.WriteString("name", data.Name.ToString());
            if (change.After is NamedData after)
            {
                json.WriteString("value", Convert.ToBase64String(after.Value.AsSpan()));
            }
        });
    }
}
