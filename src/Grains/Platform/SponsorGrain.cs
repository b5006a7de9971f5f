using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Signs the transactions that create wallets' accounts, one at a time: the next only when the one before has been
/// decided, or can be applied no more. So its sequence number is always the network's.
/// </summary>
internal sealed partial class SponsorGrain(
    [PersistentState(GrainState.Sponsor, GrainState.Provider)] IPersistentState<SponsorState> storage,
    SeedCipher cipher,
    PlatformFunding funding,
    INetworkGateway gateway,
    TransactionFactory transactions,
    IPaymentGate gate,
    TimeProvider time,
    IOptions<NetworkOptions> network,
    ILogger<SponsorGrain> logger) : Grain, ISponsorGrain
{
    private bool _unsound;

    public async Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default)
    {
        RequireSound();
        var key = await EnsureKeyAsync(cancellationToken);
        return await funding.EnsureAsync(this.GetPrimaryKeyString(), key.PublicKey, cancellationToken);
    }

    public async Task<Result<OpeningLease>> LeaseAsync(string address, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        try
        {
            if (storage.State.Lease is { } lease && !await IsOverAsync(lease, address, cancellationToken))
            {
                return lease.Address == address
                    ? new OpeningLease(lease.Envelope, lease.Hash, lease.MaxTime)
                    : new Error(ErrorKind.RateLimited, "sponsor_busy", "The sponsor account is creating another account.");
            }

            return await LeaseAnewAsync(address, cancellationToken);
        }
        catch (NetworkUnavailableException)
        {
            return PlatformFunding.NetworkUnavailable;
        }
    }

    public async Task ReleaseAsync(string transactionHash)
    {
        RequireSound();
        if (storage.State.Lease?.Hash == transactionHash)
        {
            storage.State.Lease = null;
            await WriteAsync();
        }
    }

    // Whether a lease can be applied no more. The network is asked only when our own clock says that it may be so, or
    // when the holder itself asks again.
    private async Task<bool> IsOverAsync(SponsorLease lease, string address, CancellationToken cancellationToken)
    {
        if (lease.Address != address && time.GetUtcNow() <= lease.MaxTime)
        {
            return false;
        }

        var latest = await gateway.GetLatestLedgerAsync(cancellationToken);
        return latest.ClosedAt > lease.MaxTime;
    }

    private async Task<Result<OpeningLease>> LeaseAnewAsync(string address, CancellationToken cancellationToken)
    {
        var key = await EnsureKeyAsync(cancellationToken);
        var sponsor = await gateway.GetAccountAsync(key.PublicKey, cancellationToken);
        if (sponsor is null || funding.IsLow(sponsor))
        {
            var funded = await funding.EnsureAsync(this.GetPrimaryKeyString(), key.PublicKey, cancellationToken);
            sponsor = await gateway.GetAccountAsync(key.PublicKey, cancellationToken);
            if (sponsor is null)
            {
                return funded.Error ?? PlatformFunding.NetworkUnavailable;
            }
        }

        var account = await gateway.GetAccountAsync(address, cancellationToken);
        var trusted = account?.Trustlines.Select(t => t.Asset).ToHashSet(StringComparer.Ordinal) ?? [];
        var latest = await gateway.GetLatestLedgerAsync(cancellationToken);
        var maxTime = latest.ClosedAt + TimeSpan.FromSeconds(network.Value.OpeningValidSeconds);
        var unsigned = transactions.Opening(new OpeningOrder(
            key.PublicKey, checked(sponsor.Sequence + 1), address, Create: account is null,
            [.. network.Value.Assets.Where(asset => !trusted.Contains(asset))], maxTime));
        var signature = await cipher.SignAsync(
            this.GetPrimaryKeyString(), key, unsigned.Hash, $"account.create {address}", cancellationToken);
        var lease = new SponsorLease(
            address, transactions.AddSignature(unsigned, key.PublicKey, signature), unsigned.HashText, maxTime);
        storage.State.Lease = lease;
        await WriteAsync();
        LogLeased(this.GetPrimaryKeyString(), address, lease.Hash);
        return new OpeningLease(lease.Envelope, lease.Hash, lease.MaxTime);
    }

    private async Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken)
    {
        if (storage.State.Key is null)
        {
            storage.State.Key = await cipher.CreateAsync(this.GetPrimaryKeyString(), cancellationToken);
            await WriteAsync();
        }

        return storage.State.Key;
    }

    private async Task WriteAsync()
    {
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            // What is stored is not known: this activation serves nobody any more.
            _unsound = true;
            DeactivateOnIdle();
            throw;
        }
    }

    private void RequireSound()
    {
        if (_unsound)
        {
            DeactivateOnIdle();
            throw new OrleansException("The sponsor account could not be stored. Please try again.");
        }
    }

    [LoggerMessage(1221, LogLevel.Debug, "Sponsor {Sponsor} creates {Address} by transaction {Hash}.")]
    private partial void LogLeased(string sponsor, string address, string hash);
}
