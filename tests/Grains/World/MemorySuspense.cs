using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;

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

    /// <summary>
    /// Why suspense_move would refuse what a write carries: each deposit stands where it is thought to, one at most is sent at a
    /// time, and none that was decided moves.
    /// </summary>
    public string? Refusal(JsonNode? marks)
    {
        lock (_lock)
        {
            var moves = MovesOf(marks);
            return moves.Any(move => !_deposits.Exists(one => one.Id == move.Id && one.Status == move.From)) ? "SP004"
                : moves.Any(move => move.From is not (SuspenseStatus.Open or SuspenseStatus.Sending)) ? "23514"
                : moves.Any(move => move.To == SuspenseStatus.Sending) && _deposits.Exists(one => one.Status == SuspenseStatus.Sending)
                    ? "23505"
                    : null;
        }
    }

    /// <summary>What suspense_move does with what a write carries.</summary>
    public void Move(JsonNode? marks)
    {
        lock (_lock)
        {
            foreach (var move in MovesOf(marks))
            {
                var index = _deposits.FindIndex(one => one.Id == move.Id);
                _deposits[index] = _deposits[index] with { Status = move.To, Decision = move.Decision };
            }
        }
    }

    /// <summary>What a look for a deposit waits for, once it has read; null for nothing.</summary>
    public Func<Task>? AfterFind { get; set; }

    public async Task<SuspendedDeposit?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = Look(deposits => deposits.Find(one => one.Id == id));
        await (AfterFind?.Invoke() ?? Task.CompletedTask);
        return found;
    }

    public Task<IReadOnlyList<SuspendedDeposit>> ListAsync(
        SuspenseStatus? status, string? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SuspendedDeposit>>(Look(deposits =>
            deposits.Where(one => status is null || one.Status == status).Take(limit).ToArray()));

    private static DepositMove[] MovesOf(JsonNode? marks) => marks.Deserialize<DepositMove[]>(StateJson.Options) ?? [];

    private T Look<T>(Func<List<SuspendedDeposit>, T> look)
    {
        lock (_lock)
        {
            return look(_deposits);
        }
    }
}
