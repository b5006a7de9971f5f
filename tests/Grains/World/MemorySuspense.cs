using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Grains.Tests.World;

/// <summary>The suspended deposits, in memory, with the database's rules.</summary>
internal sealed class MemorySuspense : ISuspense
{
    private readonly Lock _lock = new();
    private readonly List<SuspendedDeposit> _deposits = [];

    public SuspendedDeposit[] All => Look(deposits => deposits.ToArray());

    /// <summary>What suspense_enter does with what a write carries.</summary>
    public void Enter(JsonNode? marks)
    {
        var entered = marks.Deserialize<SuspendedDeposit[]>(JsonSerializerOptions.Web) ?? [];
        lock (_lock)
        {
            _deposits.AddRange(entered.Where(one => !_deposits.Exists(other => other.Id == one.Id)));
        }
    }

    public Task<SuspendedDeposit?> FindAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(Look(deposits => deposits.Find(one => one.Id == id)));

    public Task<SuspendedDeposit?> FindSendingAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Look(deposits => deposits.SingleOrDefault(one => one.Status == SuspenseStatus.Sending)));

    public Task<IReadOnlyList<SuspendedDeposit>> ListAsync(
        SuspenseStatus? status, string? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SuspendedDeposit>>(Look(deposits =>
            deposits.Where(one => status is null || one.Status == status).Take(limit).ToArray()));

    public Task<bool> MoveAsync(
        string id, SuspenseStatus from, SuspenseStatus to, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var index = _deposits.FindIndex(one => one.Id == id && one.Status == from);
            if (index < 0 || (to == SuspenseStatus.Sending && _deposits.Exists(one => one.Status == SuspenseStatus.Sending)))
            {
                return Task.FromResult(false);
            }

            _deposits[index] = _deposits[index] with { Status = to, Decision = decision };
            return Task.FromResult(true);
        }
    }

    private T Look<T>(Func<List<SuspendedDeposit>, T> look)
    {
        lock (_lock)
        {
            return look(_deposits);
        }
    }
}
