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

    // Read when the grain begins and, beside its turns, before each drain.
    private PlatformFacts _facts = new(new Dictionary<string, string>(), 0);

    IInboxState IInboxOwner.Inbox => State;

    int IInboxOwner.EventCount => State.Inbox?.Suspended.Count ?? 0;

    private InboxPump Pump => field ??= new InboxPump(
        this, Drain.StepAsync, () => GrainFactory.GetGrain<ISuspenseInternal>(Name).PokeAsync(), services.Time, logger)
    {
        Beside = ReadFactsAsync,
    };

    public Task PokeAsync()
    {
        Pump.Poke();
        return Task.CompletedTask;
    }

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId) => Drain.RetryAsync(token, operatorId);

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => Drain.CloseAsync(token, operatorId);

    protected override async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await base.ActivateAsync(cancellationToken);
        _facts = await PlatformFacts.ReadAsync(services.Inbox, services.Accounts, cancellationToken);
    }

    protected override void ResumeSoon() => Pump.Resume();

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
        await WriteAsync();
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

    private async Task ReadFactsAsync() =>
        _facts = await PlatformFacts.ReadAsync(services.Inbox, services.Accounts, CancellationToken.None);

    [LoggerMessage(1343, LogLevel.Warning, "{Count} deposits to accounts of the platform match nothing and are suspended, the first {Deposit}.")]
    private partial void LogSuspended(int count, string deposit);
}
