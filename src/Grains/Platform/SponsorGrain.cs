using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Opens wallets' accounts, many in one transaction, one transaction at a time: the next only when the one before has
/// been decided, or can be applied no more. So its sequence number is always the network's. Who waits and who has signed
/// is kept in memory only; a transaction is stored before it is submitted, and only then.
/// </summary>
internal sealed partial class SponsorGrain(
    [PersistentState(GrainState.Sponsor, GrainState.HotProvider)] IPersistentState<SponsorState> storage,
    SponsorServices services,
    ILogger<SponsorGrain> logger) : ActivatedGrain, ISponsorGrain
{
    // Turns and the work beside them both store; one after the other.
    private readonly SemaphoreSlim _storing = new(1, 1);
    private bool _unsound;

    private string Name => this.GetPrimaryKeyString();

    private SponsorState State => storage.State;

    protected override Task ActivateAsync(CancellationToken cancellationToken)
    {
        if (State.Batch is not null)
        {
            EnsureWorking();
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        StopWorking();
        return Task.CompletedTask;
    }

    public async Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default)
    {
        RequireSound();
        var key = await EnsureKeyAsync(cancellationToken);
        return await services.Funding.EnsureAsync(Name, key.PublicKey, cancellationToken);
    }

    public async Task<int> RewrapAsync()
    {
        RequireSound();
        if (State.Key is not { } key || !services.Cipher.IsWrappedByAnother(key))
        {
            return 0;
        }

        var rewrapped = await services.Cipher.RewrapAsync(Name, key, CancellationToken.None);
        await StoreAsync(state => state.Key = rewrapped);
        return 1;
    }

    private async Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken)
    {
        if (State.Key is null)
        {
            await storage.ReadStateAsync();
        }

        if (State.Key is null)
        {
            if (!services.MayGenerateKeys)
            {
                throw PlatformKeyMissingException.For([Name]);
            }

            var made = await services.Cipher.CreateAsync(Name, cancellationToken);
            await StoreAsync(state =>
            {
                state.Inbox = state.Key is null ? PlatformAddress.MarksOf(Name, made) : null;
                state.Key ??= made;
            });
        }

        return State.Key!;
    }

    private async Task StoreAsync(Action<SponsorState> change)
    {
        await _storing.WaitAsync();
        try
        {
            RequireSound();
            change(State);
            await storage.WriteStateAsync();
            State.Inbox = null;
        }
        catch
        {
            // What is stored is not known: this activation serves nobody any more.
            _unsound = true;
            StopWorking();
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _storing.Release();
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
}

/// <summary>What every sponsor grain needs of the outside.</summary>
internal sealed class SponsorServices(
    SeedCipher cipher,
    PlatformFunding funding,
    INetworkGateway gateway,
    TransactionFactory transactions,
    SubmissionDriver driver,
    IFaultPoints faults,
    IPaymentGate gate,
    Suspense.DepositReleases releases,
    TimeProvider time,
    IOptions<PlatformOptions> platform,
    IOptions<NetworkOptions> network)
{
    public SeedCipher Cipher { get; } = cipher;

    public PlatformFunding Funding { get; } = funding;

    public INetworkGateway Gateway { get; } = gateway;

    public TransactionFactory Transactions { get; } = transactions;

    public SubmissionDriver Driver { get; } = driver;

    public IFaultPoints Faults { get; } = faults;

    public IPaymentGate Gate { get; } = gate;

    public Suspense.DepositReleases Releases { get; } = releases;

    public TimeProvider Time { get; } = time;

    public bool MayGenerateKeys { get; } = platform.Value.MayGenerateKeys(network.Value);

    public TimeSpan OpeningValid { get; } = TimeSpan.FromSeconds(network.Value.OpeningValidSeconds);
}
