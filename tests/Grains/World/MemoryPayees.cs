using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.World;

/// <summary>What stored wallets show of themselves to those who pay them.</summary>
internal sealed class MemoryPayees(MemoryStorage storage) : IPayeeAccounts
{
    public async Task<NetworkAccount?> FindAsync(string address, string asset, CancellationToken cancellationToken)
    {
        var owner = (await storage.FindOwnersAsync([address], cancellationToken)).GetValueOrDefault(address);
        if (owner?.Kind != GrainState.Wallet || storage.Find(GrainState.Wallet, owner.Key) is not { } wallet
            || (string?)wallet["status"] != nameof(WalletStatus.Active))
        {
            return null;
        }

        var held = wallet["balances"]?[asset];
        return held is not null || asset == Asset.Native.Canonical
            ? new PayeeHolding((long?)held?["stroops"] ?? 0, held?["frozenSince"] is not null).ToAccount(asset)
            : null;
    }

    public Task<PayeeWallet?> FindWalletAsync(string wallet, CancellationToken cancellationToken) => Task.FromResult(
        storage.Find(GrainState.Wallet, wallet) is { } stored && (string?)stored["address"] is { Length: > 0 } address
            ? new PayeeWallet(address, Enum.Parse<WalletStatus>((string?)stored["status"] ?? nameof(WalletStatus.Opening)),
                (bool?)stored["retired"] is true)
            : null);

    public async Task<WalletStatus?> FindStatusAsync(string address, CancellationToken cancellationToken)
    {
        var owner = (await storage.FindOwnersAsync([address], cancellationToken)).GetValueOrDefault(address);
        return owner?.Kind == GrainState.Wallet && storage.Find(GrainState.Wallet, owner.Key) is { } wallet
            ? Enum.Parse<WalletStatus>((string?)wallet["status"] ?? nameof(WalletStatus.Opening))
            : null;
    }

    public Task<PayableUntil?> FindSessionAsync(string address, long number, string? session, CancellationToken cancellationToken)
    {
        var owner = storage.FindNamed(address, number);
        return Task.FromResult(
            owner?.Kind == PaymentSessionState.Name && (session is null || session == owner.Key)
            && storage.Find(owner.Kind, owner.Key) is { } stored
                ? new PayableUntil(
                    (string?)stored["status"] is null or nameof(PaymentSessionStatus.Created), (DateTimeOffset)stored["expiresAt"]!,
                    owner.Key)
                : null);
    }
}
