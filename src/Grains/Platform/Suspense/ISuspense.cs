namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// The deposits that match nothing, and what became of them, to read. They are entered and moved by the write of the suspense
/// account's state (<see cref="DepositMark"/>, <see cref="DepositMove"/>), not here.
/// </summary>
public interface ISuspense
{
    /// <summary>A deposit, or null.</summary>
    Task<SuspendedDeposit?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deposits, newest first.</summary>
    /// <param name="status">Only those that stand there; null for all.</param>
    /// <param name="before">Only those before this id; null for the newest.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SuspendedDeposit>> ListAsync(
        SuspenseStatus? status, string? before, int limit, CancellationToken cancellationToken);
}
