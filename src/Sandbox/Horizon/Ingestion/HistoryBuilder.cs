using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Transactions;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Ingestion;

/// <summary>Makes history of a ledger that has just closed.</summary>
internal static class HistoryBuilder
{
    public static HistoryLedger Build(LedgerHeader header, Hash hash, IReadOnlyList<AppliedTransaction> applied)
    {
        var ledger = HistoryLedger.Of(header, hash);
        ledger.Transactions = [.. applied.Select((transaction, i) => Build(ledger, i + 1, transaction))];
        return ledger;
    }

    private static HistoryTransaction Build(HistoryLedger ledger, int index, AppliedTransaction applied)
    {
        var frame = applied.Frame;
        var view = EnvelopeView.Of(frame.Envelope);
        var transaction = new HistoryTransaction
        {
            Ledger = ledger,
            Index = index,
            Hash = frame.ContentsHash,
            InnerHash = frame.Inner?.ContentsHash,
            Successful = applied.IsSuccess,
            FeeCharged = applied.Result.FeeCharged,
            MaxFee = frame.FeeBid,
            Envelope = Bytes.Create(frame.Envelope.ToXdr()),
            Result = Bytes.Create(applied.Result.ToXdr()),
            FeeMeta = Bytes.Create(applied.ToFeeMeta().ToXdr()),
            Meta = Bytes.Create(applied.ToMeta().ToXdr()),
            Participants = ParticipantsOf(applied, view),
        };
        var results = applied.OperationResults;
        transaction.Operations = [.. view.Transaction.Operations.Select((operation, i) => Build(
            transaction,
            new AppliedOperation(
                view, i,
                i < results.Count ? results[i] : null,
                i < applied.OperationChanges.Count ? applied.OperationChanges[i] : [])))];
        return transaction;
    }

    private static ValueList<AccountId> ParticipantsOf(AppliedTransaction applied, EnvelopeView view)
    {
        var accounts = new HashSet<AccountId> { applied.Frame.Source, applied.Frame.FeeSource };
        accounts.UnionWith(Participants.Of(applied.FeeChanges));
        accounts.UnionWith(Participants.Of(applied.ChangesBefore));
        for (var i = 0; i < view.Transaction.Operations.Count; i++)
        {
            var changes = i < applied.OperationChanges.Count ? applied.OperationChanges[i] : [];
            accounts.UnionWith(Participants.Of(changes));
            var operation = new AppliedOperation(view, i, null, changes);
            accounts.UnionWith(Participants.Of(operation, applied.IsSuccess, SponsorshipEffects.SponsorOf(operation)));
        }

        return accounts.ToValueList();
    }

    private static HistoryOperation Build(HistoryTransaction transaction, AppliedOperation applied)
    {
        var sponsor = SponsorshipEffects.SponsorOf(applied);
        var operation = new HistoryOperation
        {
            Transaction = transaction,
            Index = applied.Index + 1,
            Type = applied.Body.Type,
            Sponsor = sponsor,
            Participants = Participants.Of(applied, transaction.Successful, sponsor),
            Balances = Participants.Balances(applied),
        };
        if (transaction.Successful)
        {
            var effects = new EffectSink(operation);
            OperationEffects.Collect(applied, effects);
            operation.Effects = effects.Effects;
            operation.Trades = TradeEffects.Trades(applied, operation);
        }

        return operation;
    }
}
