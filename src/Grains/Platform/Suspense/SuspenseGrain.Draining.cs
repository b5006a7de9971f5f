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

    private readonly List<SuspendedDeposit> _deposits = [];
    private IReadOnlyDictionary<string, string> _platform = new Dictionary<string, string>();
    private bool _poked;
    private bool _draining;

    IInboxState IInboxOwner.Inbox => State;

    int IInboxOwner.EventCount => _deposits.Count;

    public Task PokeAsync()
    {
        _poked = true;
        if (!_draining)
        {
            _draining = true;
            RunBeside(DrainAllAsync);
        }

        return Task.CompletedTask;
    }

    private async Task DrainAsync()
    {
        _poked = false;
        await ReadPlatformAsync();
        if (await Drain.StepAsync())
        {
            // Not "|= await", which reads the flag first and loses a poke that comes meanwhile.
            _poked = true;
        }
    }

    public async Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        await ReadPlatformAsync();
        return await Drain.RetryAsync(token, operatorId);
    }

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId)
    {
        return Drain.CloseAsync(token, operatorId);
    }

    // An account of ours is created by whoever funds it for us; what comes to the treasury is the platform's own.
    void IInboxOwner.Take(LedgerEntry entry)
    {
        if (entry.Movement is { Type: not Creation, To: { } account, Amount: { Stroops: > 0 } received } movement
            && _platform.TryGetValue(account, out var key) && key != ITreasuryGrain.Key
            && (movement.From is not { } from || !(_platform.ContainsKey(from) || services.FundingSources.Contains(from))))
        {
            _deposits.Add(new SuspendedDeposit(
                IdOf(entry.Place), movement.PagingToken, movement.Ledger, movement.TransactionHash, account, key,
                received.Asset.Canonical, received.Stroops, movement.From, movement.FromMuxed, movement.ToMuxed,
                movement.Memo, movement.MemoType, movement.ClosedAt));
        }
    }

    // The deposits first: a repeat finds them there, and passes over them.
    async Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken)
    {
        if (_deposits.Count > 0)
        {
            await services.Suspense.AddAsync(_deposits, CancellationToken.None);
            LogSuspended(_deposits.Count, _deposits[0].Id);
            _deposits.Clear();
        }

        await WriteAsync();
    }

    Task IInboxOwner.RereadAsync()
    {
        _deposits.Clear();
        return RereadAsync();
    }

    private InboxDrain Drain => field ??= new InboxDrain(
        new LedgerOwner(Storage.GrainState.Suspense, Name), this, services.Inbox, services.Feed, services.Time, logger);

    private static string IdOf(LedgerPlace place) =>
        place.Number == 0 ? $"sus_{place.Token:D19}" : $"sus_{place.Token:D19}_{place.Number + 1}";

    private async Task ReadPlatformAsync() =>
        _platform = (await services.Accounts.ListAsync(CancellationToken.None))
            .ToDictionary(account => account.Address, account => account.Name, StringComparer.Ordinal);

    private async Task DrainAllAsync()
    {
        try
        {
            while (_poked)
            {
                await InTurnAsync(DrainAsync);
            }
        }
        catch (Exception exception)
        {
            // Whichever activation is there then tries again; should this process be gone, the sweep pokes.
            LogDrainFailed(exception);
            await Task.Delay(TimeSpan.FromSeconds(1), services.Time);
            GrainFactory.GetGrain<ISuspenseInternal>(Name).PokeAsync().Ignore();
        }
        finally
        {
            _draining = false;
        }
    }

    [LoggerMessage(1343, LogLevel.Warning, "{Count} deposits to accounts of the platform match nothing and are suspended, the first {Deposit}.")]
    private partial void LogSuspended(int count, string deposit);

    [LoggerMessage(1344, LogLevel.Warning, "The suspense account could not drain its inbox; it is poked again.")]
    private partial void LogDrainFailed(Exception exception);
}
