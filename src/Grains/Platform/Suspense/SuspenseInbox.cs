using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// The inbox of all accounts of the platform: what they receive from strangers belongs to somebody, and is kept here until it is
/// known to whom. And how the suspense account's own transactions ended. For one activation.
/// </summary>
internal sealed partial class SuspenseInbox : IInboxOwner
{
    private const string Creation = "create_account";

    private readonly ISuspenseContext _suspense;
    private readonly SuspenseServices _services;
    private readonly Func<Task> _reread;
    private readonly InboxDrain _drain;
    private readonly InboxPump _pump;
    private readonly ILogger _logger;

    // Read when the grain begins and, beside its turns, before each drain.
    private PlatformFacts _facts = new(new Dictionary<string, string>(), 0);

    public SuspenseInbox(ISuspenseContext suspense, SuspenseServices services, Func<Task> reread, ILogger logger)
    {
        (_suspense, _services, _reread, _logger) = (suspense, services, reread, logger);
        _drain = new InboxDrain(
            new LedgerOwner(GrainState.Suspense, suspense.Key), this, services.Inbox, services.Feed, services.Account.Time, logger);
        _pump = new InboxPump(
            suspense, DrainAsync, () => suspense.Grains.GetGrain<ISuspenseInternal>(suspense.Key).PokeAsync(),
            services.Account.Time, logger)
        {
            Beside = () => ReadFactsAsync(CancellationToken.None),
        };
    }

    IInboxState IInboxOwner.Inbox => _suspense.State;

    int IInboxOwner.EventCount => _suspense.State.Inbox?.Suspended.Count ?? 0;

    /// <summary>There may be something in the inbox.</summary>
    public void Poke() => _pump.Poke();

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _pump.Resume();

    /// <summary>Reads which accounts are the platform's. Beside the turns, or before the first.</summary>
    public async Task ReadFactsAsync(CancellationToken cancellationToken) =>
        _facts = await PlatformFacts.ReadAsync(_services.Inbox, _services.Accounts, cancellationToken);

    /// <summary>Takes in what was parked at a place of the ledger.</summary>
    public async Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        var before = _suspense.State.Submission;
        var retried = await _drain.RetryAsync(token, operatorId);
        _suspense.Engine.AfterDraining(before);
        return retried;
    }

    /// <summary>Gives up what was parked at a place of the ledger.</summary>
    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => _drain.CloseAsync(token, operatorId);

    bool IInboxOwner.Knows(LedgerPlace place) => _facts.ReachTo(place);

    void IInboxOwner.Take(LedgerEntry entry)
    {
        if (entry.Outcome is { } outcome)
        {
            TakeOwn(outcome);
        }
        else if (entry.Movement is { } movement && movement.From != _suspense.State.Address)
        {
            TakeDeposit(entry.Place, movement);
        }
    }

    // The deposits are part of the write: what is taken out of the inbox is in the list, or neither is so.
    async Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken)
    {
        var suspended = _suspense.State.Inbox?.Suspended ?? [];
        await _suspense.SaveAsync();
        if (suspended.Count > 0)
        {
            LogSuspended(_logger, suspended.Count, suspended[0].Id);
        }
    }

    Task IInboxOwner.RereadAsync() => _reread();

    private async Task<bool> DrainAsync()
    {
        var before = _suspense.State.Submission;
        var more = await _drain.StepAsync();
        _suspense.Engine.AfterDraining(before);
        return more;
    }

    private void TakeOwn(LedgerOutcome outcome)
    {
        if (_suspense.Submissions.IsForeign(outcome))
        {
            LogForeign(_logger, outcome.TransactionHash);
        }

        _suspense.Engine.TakeAnswers();
        _suspense.Submissions.Take(outcome, _suspense.Now);
    }

    // An account of ours is created by whoever funds it for us; what comes to an account that owns its deposits is the platform's.
    private void TakeDeposit(LedgerPlace place, LedgerOperation movement)
    {
        if (movement is not { Type: not Creation, To: { } account, Amount: { Stroops: > 0 } received })
        {
            return;
        }

        if (!_facts.Accounts.TryGetValue(account, out var key))
        {
            throw new InvalidOperationException($"{account} is an account of the platform, but no grain has its key.");
        }

        if (_services.Kinds.FindKind(key) is not { OwnsItsDeposits: true }
            && (movement.From is not { } from || !(_facts.Accounts.ContainsKey(from) || _services.FundingSources.Contains(from))))
        {
            Suspend(new DepositMark(
                IdOf(place), movement.PagingToken, movement.Ledger, movement.TransactionHash, account, key,
                received.Asset.Canonical, received.Stroops, movement.From, movement.FromMuxed, movement.ToMuxed,
                movement.Memo, movement.MemoType, movement.ClosedAt));
        }
    }

    // A row that an operator has to decide is not to be had for a stroop.
    private void Suspend(DepositMark deposit)
    {
        var suspended = ((IInboxState)_suspense.State).Marks().Suspended;
        var same = deposit.IsDust
            ? suspended.FindIndex(other => other.IsDust && other.Account == deposit.Account && other.Asset == deposit.Asset)
            : -1;
        if (same < 0)
        {
            suspended.Add(deposit);
        }
        else
        {
            suspended[same] = suspended[same].With(deposit);
        }
    }

    private static string IdOf(LedgerPlace place) =>
        place.Number == 0 ? $"sus_{place.Token:D19}" : $"sus_{place.Token:D19}_{place.Number + 1}";

    [LoggerMessage(1343, LogLevel.Warning, "{Count} deposits to accounts of the platform match nothing and are suspended, the first {Deposit}.")]
    private static partial void LogSuspended(ILogger logger, int count, string deposit);

    [LoggerMessage(1344, LogLevel.Critical,
        "The ledger holds transaction {Hash} of the suspense account, which it did not make; somebody else may have its key.")]
    private static partial void LogForeign(ILogger logger, string hash);
}
