namespace StellarPay.Adapters.Postgres.Lists;

/// <summary>Merchants' refunds, each in the list as soon as it is there.</summary>
public interface IRefundList
{
    /// <summary>A page of a merchant's refunds, newest first.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="after">Only what is older than this one; null for no bound.</param>
    /// <param name="before">Only what is newer than this one; null for no bound. Not both.</param>
    /// <param name="from">Only what was made then or later; null for no bound.</param>
    /// <param name="to">Only what was made before; null for no bound.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<StoredRefund>> ReadAsync(
        string merchant, string? after, string? before, DateTimeOffset? from, DateTimeOffset? to, int limit,
        CancellationToken cancellationToken);
}

/// <summary>A refund as it is stored.</summary>
/// <param name="Id">The refund.</param>
/// <param name="Session">Its session.</param>
/// <param name="Stored">Its row in what is stored of its session.</param>
public sealed record StoredRefund(string Id, string Session, byte[] Stored);
