using StellarPay.Grains.Events;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletBook
{
    // What a path payment moved, only the ledger knows. The limits were asked for the most that may leave; what left is
    // what counts.
    private void TakeMoved(PaymentRecord payment, LedgerOperation operation)
    {
        if (payment.Path is not { SentStroops: null } path || operation.Amount is not { } received)
        {
            return;
        }

        // The way works again.
        state.FailedPaths?.RemoveAll(failed => failed.Key == FailedPath.KeyOf(path.SourceAsset, path.Hops, payment.Asset));
        var sent = (operation.SourceAmount ?? received).Stroops;
        path.SentStroops = sent;
        path.ReceivedStroops = received.Stroops;
        var most = (Int128)path.SourceMaxStroops;
        var units = (((Int128)payment.LimitUnits * sent) + most - 1) / most;
        LimitLedger.Correct(state, payment, (long)Int128.Min(units, payment.LimitUnits));
        events.Raise(EventTypes.PaymentSettled, payment);
    }

    /// <summary>How often the ledger refused ways through the offers of late.</summary>
    public IReadOnlyDictionary<string, int> FailedPaths(DateTimeOffset now) =>
        (state.FailedPaths ?? []).Where(path => path.Until > now)
            .ToDictionary(path => path.Key, path => path.Tries, StringComparer.Ordinal);

    private void LearnFailedPath(PaymentRecord payment, string? code, DateTimeOffset now)
    {
        if (payment.Path is not { } path || !FailedPath.IsCode(code))
        {
            return;
        }

        var key = FailedPath.KeyOf(path.SourceAsset, path.Hops, payment.Asset);
        var failed = state.FailedPaths ??= [];
        var tries = failed.Find(known => known.Key == key && known.Until > now)?.Tries ?? 0;
        failed.RemoveAll(known => known.Key == key);
        if (failed.Count == FailedPath.Most)
        {
            failed.RemoveAt(0);
        }

        failed.Add(new FailedPath { Key = key, Until = now + FailedPath.Pause, Tries = tries + 1 });
    }

    private void ForgetFailedPaths(DateTimeOffset now)
    {
        state.FailedPaths?.RemoveAll(path => path.Until <= now);
        state.FailedPaths = state.FailedPaths is [] ? null : state.FailedPaths;
    }
}
