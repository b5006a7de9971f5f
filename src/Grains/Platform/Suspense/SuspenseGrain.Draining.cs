using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Suspense;

// What the platform's own accounts receive from strangers belongs to somebody: it is kept here until it is known to whom.
internal sealed partial class SuspenseGrain : IInboxOwner
{
    private const string Creation = "create_account";

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    // Read when the grain begins and, beside its turns, before each drain.
    private PlatformFacts _facts = new(new Dictionary<string, string>(), 0);
    private bool _poked;
    private bool _draining;

    IInboxState IInboxOwner.Inbox => State;

    int IInboxOwner.EventCount => State.Inbox?.Suspended.Count ?? 0;

    private ISuspenseInternal Self => GrainFactory.GetGrain<ISuspenseInternal>(Name);

    public Task PokeAsync()
    {
        _poked = true;
        StartDraining();
        return Task.CompletedTask;
    }

    public async Task DrainAsync()
    {
        RequireSound();
        _poked = false;
        if (await EndingIfFaultedAsync(Drain.StepAsync))
        {
            // Not "|= await", which reads the flag first and loses a poke that comes meanwhile. Whoever called may be an
            // activation that has ended.
            _poked = true;
            StartDraining();
        }
    }

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        RequireSound();
        return EndingIfFaultedAsync(() => Drain.RetryAsync(token, operatorId));
    }

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId)
    {
        RequireSound();
        return EndingIfFaultedAsync(() => Drain.CloseAsync(token, operatorId));
    }

    protected override async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await base.ActivateAsync(cancellationToken);
        _facts = await PlatformFacts.ReadAsync(services.Inbox, services.Accounts, cancellationToken);
    }

    bool IInboxOwner.Knows(LedgerPlace place) => _facts.ReachTo(place);

    // An account of ours is created by whoever funds it for us; what comes to the treasury is the platform's own.
    void IInboxOwner.Take(LedgerEntry entry)
    {
        if (entry.Movement is not { Type: not Creation, To: { } account, Amount: { Stroops: > 0 } received } movement)
        {
            return;
        }

        if (!_facts.Accounts.TryGetValue(account, out var key))
        {
            throw new InvalidOperationException($"{account} is an account of the platform, but no grain has its key.");
        }

        if (key != ITreasuryGrain.Key
            && (movement.From is not { } from || !(_facts.Accounts.ContainsKey(from) || services.FundingSources.Contains(from))))
        {
            ((IInboxState)State).Marks().Suspended.Add(new DepositMark(
                IdOf(entry.Place), movement.PagingToken, movement.Ledger, movement.TransactionHash, account, key,
                received.Asset.Canonical, received.Stroops, movement.From, movement.FromMuxed, movement.ToMuxed,
                movement.Memo, movement.MemoType, movement.ClosedAt));
        }
    }

    // The deposits are part of the write: what is taken out of the inbox is in the list, or neither is so.
    async Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken)
    {
        var suspended = State.Inbox?.Suspended ?? [];
        await WriteAsync(ends: false);
        if (suspended.Count > 0)
        {
            LogSuspended(suspended.Count, suspended[0].Id);
        }
    }

    Task IInboxOwner.RereadAsync() => RereadAsync();

    private InboxDrain Drain => field ??= new InboxDrain(
        new LedgerOwner(Storage.GrainState.Suspense, Name), this, services.Inbox, services.Feed, services.Time, logger);

    private static string IdOf(LedgerPlace place) =>
        place.Number == 0 ? $"sus_{place.Token:D19}" : $"sus_{place.Token:D19}_{place.Number + 1}";

    private void StartDraining()
    {
        if (!_draining)
        {
            _draining = true;
            RunBeside(DrainAllAsync);
        }
    }

    private async Task DrainAllAsync()
    {
        try
        {
            while (_poked && !IsFaulted)
            {
                _facts = await PlatformFacts.ReadAsync(services.Inbox, services.Accounts, CancellationToken.None);
                _poked = false;
                await Self.DrainAsync();
            }
        }
        catch (Exception exception)
        {
            _poked = true;
            LogDrainFailed(exception);
        }

        if (_poked)
        {
            // This activation cannot: whichever is there in a while is poked. Should this process be gone, the sweep pokes.
            await Task.Delay(RetryPause, services.Time);
        }

        _draining = false;
        if (_poked)
        {
            Self.PokeAsync().Ignore();
        }
    }

    [LoggerMessage(1343, LogLevel.Warning, "{Count} deposits to accounts of the platform match nothing and are suspended, the first {Deposit}.")]
    private partial void LogSuspended(int count, string deposit);

    [LoggerMessage(1344, LogLevel.Warning, "The suspense account could not drain its inbox; it is poked again.")]
    private partial void LogDrainFailed(Exception exception);
}
