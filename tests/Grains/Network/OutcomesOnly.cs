using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Tests.Network;

/// <summary>An inbox of which only outcomes are asked for.</summary>
internal abstract class OutcomesOnly : ILedgerInbox
{
    public abstract Task<OutcomeView> FindOutcomeAsync(
        string source, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken);

    public Task<LedgerWatermark?> GetWatermarkAsync(CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyList<LedgerOwner>?> DeliverAsync(LedgerDelivery delivery, CancellationToken cancellationToken) =>
        throw NotAsked();

    public Task<InboxPage> ReadAsync(LedgerOwner owner, int limit, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyList<OwnerRow>> ReadRowsAsync(
        LedgerOwner owner, LedgerPlace drained, int limit, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyList<LedgerEntry>> ReadParkedAsync(
        LedgerOwner owner, long token, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyDictionary<string, LedgerOwner>> FindOwnersAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) => throw NotAsked();

    public Task<WaitingOwners> FindWaitingAsync(
        WaitingQuery query, LedgerOwner? after, int limit, CancellationToken cancellationToken) => throw NotAsked();

    public bool IsNumberTaken(Exception writeFailure) => throw NotAsked();

    public Task<int> HoldAsync(LedgerOwner owner, string error, CancellationToken cancellationToken) => throw NotAsked();

    private static NotSupportedException NotAsked() => new("Only outcomes are asked for.");
}
