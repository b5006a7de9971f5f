namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// The deposits that match nothing, and what became of them. They are entered by the write of the suspense account's state
/// (<see cref="DepositMark"/>), not here.
/// </summary>
public interface ISuspense
{
    /// <summary>A deposit, or null.</summary>
    Task<SuspendedDeposit?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The one deposit whose transaction is under way, or null.</summary>
    Task<SuspendedDeposit?> FindSendingAsync(CancellationToken cancellationToken);

    /// <summary>Deposits, newest first.</summary>
    /// <param name="status">Only those that stand there; null for all.</param>
    /// <param name="before">Only those before this id; null for the newest.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SuspendedDeposit>> ListAsync(
        SuspenseStatus? status, string? before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a deposit on and stores the decision with it, in one transaction, if it still stands where it is thought to;
    /// at most one is <see cref="SuspenseStatus.Sending"/> at a time. False where nothing was changed.
    /// </summary>
    Task<bool> MoveAsync(
        string id, SuspenseStatus from, SuspenseStatus to, SuspenseDecision decision, CancellationToken cancellationToken);
}
