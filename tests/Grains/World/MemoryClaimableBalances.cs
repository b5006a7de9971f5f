using System.Collections.Concurrent;
using StellarPay.Grains.Network.Claims;

namespace StellarPay.Grains.Tests.World;

/// <summary>The claimable balances that concern wallets, in memory.</summary>
internal sealed class MemoryClaimableBalances : IClaimableBalances
{
    private readonly ConcurrentDictionary<string, CreatedBalance> _balances = [];

    public ICollection<CreatedBalance> All => _balances.Values;

    public Task AddAsync(IReadOnlyCollection<CreatedBalance> balances, CancellationToken cancellationToken)
    {
        foreach (var balance in balances)
        {
            _balances.TryAdd(balance.BalanceId, balance);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, CreatedBalance>> FindAsync(
        IReadOnlyCollection<string> balanceIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, CreatedBalance>>(
            balanceIds.Where(_balances.ContainsKey).ToDictionary(id => id, id => _balances[id]));
}
