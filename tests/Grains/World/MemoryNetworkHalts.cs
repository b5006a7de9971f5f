using StellarPay.Grains.Network.Halts;

namespace StellarPay.Grains.Tests.World;

/// <summary>The cluster's halt, in memory.</summary>
internal sealed class MemoryNetworkHalts : INetworkHalts
{
    private readonly Lock _lock = new();

    public NetworkHalt? InForce { get; private set; }

    /// <summary>Who let payments go on, in order.</summary>
    public List<string> ResumedBy { get; } = [];

    /// <summary>Whether the store does not answer.</summary>
    public bool Down { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    public Task<NetworkHalt?> FindAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Asked++;
            return Down ? throw new IOException("The store of halts is away.") : Task.FromResult(InForce);
        }
    }

    public Task<bool> HaltAsync(NetworkHalt halt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var first = InForce is null;
            InForce ??= halt;
            return Task.FromResult(first);
        }
    }

    public Task<bool> ResumeAsync(string operatorId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var any = InForce is not null;
            InForce = null;
            if (any)
            {
                ResumedBy.Add(operatorId);
            }

            return Task.FromResult(any);
        }
    }
}
