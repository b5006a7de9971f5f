using System.Text.Json.Nodes;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Tests.World;

/// <summary>Answers which platform accounts have a key, as the database's function does.</summary>
internal sealed partial class MemoryStorage : IPlatformAccounts
{
    /// <summary>What the list of accounts waits for; null for nothing.</summary>
    public Func<Task>? BeforeAccounts { get; set; }

    public async Task<IReadOnlyList<PlatformAccount>> ListAsync(CancellationToken cancellationToken)
    {
        await (BeforeAccounts?.Invoke() ?? Task.CompletedTask);
        lock (_lock)
        {
            return [
                .. _rows.Where(row => row.Key.State is GrainState.FeeAccount or GrainState.Sponsor or GrainState.Suspense
                        or GrainState.Treasury or GrainState.Notary)
                    .Select(row => (row.Key.Key, Seed: JsonNode.Parse(row.Value.Payload ?? "{}")!["key"]))
                    .Where(row => row.Seed is not null)
                    .Select(row => new PlatformAccount(row.Key, (string)row.Seed!["publicKey"]!, (string)row.Seed["keyId"]!)),
            ];
        }
    }

    public Task<bool> TryAddAsync(PlatformSeed seed, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The grains make their keys themselves here.");
}
