using Microsoft.Extensions.Logging;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A user's wallet. Every change goes decide, write, reply: the state that a failed write leaves in memory is never
/// served. What takes long (submitting, waiting) runs beside the turns, touches no state, and comes back by a call.
/// </summary>
internal sealed partial class WalletGrain(
    [PersistentState(GrainState.Wallet, GrainState.HotProvider)] IPersistentState<WalletState> storage,
    WalletServices services,
    ILogger<WalletGrain> logger)
    : DurableGrain<WalletState>(storage, logger), IWalletGrain, IWalletInternal, IWalletControl
{
    private static readonly Error NoSuchWallet = new(ErrorKind.NotFound, "wallet_not_found", "There is no such wallet.");

    private static readonly Error NoSuchPayment =
        new(ErrorKind.NotFound, "payment_not_found", "There is no such payment.");

    private WalletBook _book = null!;
    private WalletEvents _events = null!;
    private KeyMemory _keys = null!;
    private InboxDrain _drain = null!;

    private DateTimeOffset Now => services.Business.GetUtcNow();

    private WalletId Id => WalletId.Parse(GrainKey);

    protected override async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await base.ActivateAsync(cancellationToken);
        if (State.Flight is { } flight)
        {
            Drive(flight, sentBefore: true);
        }
    }

    protected override void Attach()
    {
        WalletRows.Take(State);
        _events = new WalletEvents(GrainKey, State, services.Network.Assets, services.Business);
        _book = new WalletBook(State, _events, services.Claims);
        _keys = new KeyMemory(services.Keys, GrainKey);
        _drain ??= new InboxDrain(
            new LedgerOwner(GrainState.Wallet, GrainKey), this, services.Inbox, services.Feed, services.Time, logger);
    }

    public Task<Result<WalletView>> GetAsync(UserId caller)
    {
        RequireSound();
        return Task.FromResult<Result<WalletView>>(IsOwner(caller) ? View() : NoSuchWallet);
    }

    public Task<Result<WalletSnapshot>> GetSnapshotAsync(UserId caller)
    {
        RequireSound();
        return Task.FromResult<Result<WalletSnapshot>>(IsOwner(caller)
            ? new WalletSnapshot(View(), [.. State.Payments.Select(p => p.ToView(Id))])
            : NoSuchWallet);
    }

    public Task<Result<string>> GetAddressAsync()
    {
        RequireSound();
        return Task.FromResult<Result<string>>(State.Owner is null ? NoSuchWallet : State.Address);
    }

    public async Task<Result<PaymentView>> GetPaymentAsync(UserId caller, PaymentId payment)
    {
        RequireSound();
        return IsOwner(caller) ? await FindPaymentAsync(payment, CancellationToken.None) : NoSuchWallet;
    }

    private bool IsOwner(UserId caller) => State.Owner is not null && State.Owner == caller.Value;

    private WalletView View() => new(
        Id, State.Address, State.ShownStatus, WalletBalances.All(State, services.Network.Assets), State.Revision);
}
