using StellarPay.Grains.Identifiers;

namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>What went out of a wallet and came into it, from the read table <c>payments</c>; moments behind the grains.</summary>
public interface IPaymentHistory
{
    /// <summary>The largest page that <see cref="ReadAsync"/> gives.</summary>
    const int MaxLimit = 100;

    /// <summary>A wallet's history, newest first; null as <paramref name="before"/> begins with the newest.</summary>
    Task<IReadOnlyList<HistoryEntry>> ReadAsync(
        WalletId wallet, HistoryCursor? before, int limit, CancellationToken cancellationToken);

    /// <summary>One entry of a wallet's history, or null.</summary>
    Task<HistoryEntry?> FindAsync(WalletId wallet, string id, CancellationToken cancellationToken);
}
