using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Payments;

/// <summary>The ways through the offers that the ledger refused of late, so that they are not offered again and again.</summary>
internal static class FailedPaths
{
    /// <summary>How often each was refused, by <see cref="FailedPath.KeyOf"/>.</summary>
    public static IReadOnlyDictionary<string, int> Of(WalletState state, DateTimeOffset now) =>
        (state.FailedPaths ?? []).Where(path => path.Until > now)
            .ToDictionary(path => path.Key, path => path.Tries, StringComparer.Ordinal);

    /// <summary>A way was refused, if that is what a code says.</summary>
    public static void Learn(WalletState state, PaymentRecord payment, string code, DateTimeOffset now)
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

    /// <summary>A way works again.</summary>
    public static void Works(WalletState state, PaymentRecord payment) => state.FailedPaths?.RemoveAll(
        failed => failed.Key == FailedPath.KeyOf(payment.Path!.SourceAsset, payment.Path.Hops, payment.Asset));

    /// <summary>Forgets those whose time is over.</summary>
    public static void Prune(WalletState state, DateTimeOffset now)
    {
        state.FailedPaths?.RemoveAll(path => path.Until <= now);
        state.FailedPaths = state.FailedPaths is [] ? null : state.FailedPaths;
    }
}
