using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>What the ledger did to an account of a session's own, and what the session tells it. For one activation.</summary>
internal sealed partial class AddressInbox : IOwnerRowsReader
{
    // More than a ledger can bring; who is sent more is looked at again.
    private const int MostSteps = 20;

    private static readonly Error Needed = new(ErrorKind.Refused, "parked_operation_needed",
        "The operation moved something to or from the account of a payment session, which goes on from what it holds. It cannot be closed. "
        + "Have it tried again when what kept it from being taken in is mended.");

    private readonly IPaymentAddressContext _owner;
    private readonly PaymentAddressServices _services;
    private readonly Func<Task> _reread;
    private readonly InboxDrain _drain;
    private readonly OwnerRowsDrain _rows;
    private readonly OwnerRowsDesk _desk;
    private readonly InboxPump _pump;
    private readonly ILogger _logger;

    public AddressInbox(IPaymentAddressContext address, PaymentAddressServices services, Func<Task> reread, ILogger logger)
    {
        (_owner, _services, _reread, _logger) = (address, services, reread, logger);
        var owner = new LedgerOwner(PaymentAddressState.Name, address.Key);
        _drain = new InboxDrain(owner, this, services.Inbox, services.Feed, services.Clocks.Time, logger);
        _rows = new OwnerRowsDrain(owner, this, services.Inbox, logger);
        _desk = new OwnerRowsDesk(owner, this, services.SetAside, logger);
        _pump = new InboxPump(
            address, StepAsync, () => address.Grains.GetGrain<IPaymentAddressInternal>(address.Key).PokeAsync(), services.Clocks.Time,
            logger)
        {
            Places = services.Places,
            Group = () => $"addresses of {address.State.Merchant}",
        };
    }

    IInboxState IInboxOwner.Inbox => _owner.State;

    // What its session is told of what came.
    int IInboxOwner.EventCount => _owner.State.Inbox?.Sent.Count ?? 0;

    /// <summary>There may be something in the inbox.</summary>
    public void Poke() => _pump.Poke();

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _pump.Resume();

    /// <summary>Notes, in a turn, where all that ledgers hold up to the session's end has been taken in.</summary>
    public async Task LookAtEndAsync()
    {
        var state = _owner.State;
        if (state.IsPastEnd || state.ExpiresAt > _owner.Now || state.Parked > 0
            || await _services.Ledgers.WatermarkAsync() is not { } read || read <= state.ExpiresAt)
        {
            return;
        }

        for (var steps = 0; steps < MostSteps; steps++)
        {
            await StepAsync();
            if (_drain.EmptyAt is { } emptyAt)
            {
                if (emptyAt.ClosedAt > _owner.State.ExpiresAt && _owner.State.Parked == 0)
                {
                    _owner.State.IsPastEnd = true;
                    await _owner.SaveAsync();
                }

                return;
            }
        }
    }

    /// <summary>Takes in, in a turn, all that ledgers hold by now. Whether that is all: nothing is left, and nothing is parked.</summary>
    public async Task<bool> ReadAsync()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            await StepAsync();
            if (_drain.EmptyAt is not null)
            {
                return _owner.State.Parked == 0;
            }
        }

        Poke();
        return false;
    }

    /// <summary>Takes in what was parked at a place of the ledger.</summary>
    public async Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        var before = _owner.State.Submission;
        _owner.State.EndDelays = 0;
        var retried = await _drain.RetryAsync(token, operatorId);
        _owner.Engine.AfterDraining(before);
        Poke();
        return retried;
    }

    /// <summary>
    /// Gives up what was parked at a place of the ledger. Not what is known to have moved something: without it the account would hold what
    /// nobody knows of, or wait for what never comes, and could never be given up.
    /// </summary>
    public async Task<Result<int>> CloseParkedAsync(long token, UserId operatorId)
    {
        var parked = await _services.Inbox.ReadParkedAsync(
            new LedgerOwner(PaymentAddressState.Name, _owner.Key), token, CancellationToken.None);
        // What nobody can read may be what a transaction of its own did that is on the ledger, and that the merchant waits for.
        if (parked.Any(entry => entry.Movement is { } movement
            ? movement.From == _owner.State.Address || movement.To == _owner.State.Address
            : _owner.State.Receipts.Exists(each => each.Sweep is not null)))
        {
            return Needed;
        }

        _owner.State.EndDelays = 0;
        _owner.State.HasUnread |= parked.Any(entry => entry.Unread is not null);
        var closed = await _drain.CloseAsync(token, operatorId);
        Poke();
        return closed;
    }

    /// <summary>Takes in what the session told and was set aside.</summary>
    public Task<Result<int>> RetrySetAsideAsync(long id, UserId operatorId) => _desk.RetryAsync(id, operatorId);

    /// <summary>Gives up what the session told and was set aside.</summary>
    public Task<Result<int>> CloseSetAsideAsync(long id, UserId operatorId) => _desk.CloseAsync(id, operatorId);

    void IInboxOwner.Take(LedgerEntry entry)
    {
        if (entry.Outcome is { } outcome)
        {
            if (_owner.Submissions.IsForeign(outcome))
            {
                LogForeign(_logger, _owner.Key, outcome.TransactionHash);
            }

            _owner.Engine.TakeAnswers();
            _owner.Submissions.Take(outcome, _owner.Now);
            _owner.Book.Pay(outcome);
        }

        if (entry.Movement is { } movement)
        {
            _owner.Submissions.Take(movement, _owner.Now);
            _owner.Book.Take(entry.Place, movement);
        }
    }

    void IOwnerRowsReader.Take(OwnerRow row)
    {
        if (SessionEnded.Find(row.Content) is not null)
        {
            _owner.Book.End();
        }
        else if (SessionLack.Find(row.Content) is { } lack)
        {
            _owner.Book.Learn(lack.Left);
        }
        else
        {
            throw new InvalidOperationException("a session tells its account that it has ended, or what is missing, and nothing else.");
        }
    }

    // It moves nothing: the account is given up when the session's time is over, too.
    void IOwnerRowsReader.PassOver(OwnerRow row) => LogPassedOver(_logger, _owner.Key);

    Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken) => _owner.SaveAsync();

    Task IInboxOwner.RereadAsync() => _reread();

    private async Task<bool> StepAsync()
    {
        if (_owner.State.Key is null)
        {
            throw new InvalidOperationException($"{_owner.Key} has an address but no state.");
        }

        var before = _owner.State.Submission;
        var more = await _drain.StepAsync() || await _rows.StepAsync();
        _owner.Engine.AfterDraining(before);
        // Also what somebody should be driving, and perhaps nobody is; and what just came.
        _owner.Engine.Resume();
        return more;
    }

    [LoggerMessage(3250, LogLevel.Critical,
        "The account of {Session}: the ledger holds transaction {Hash}, which it did not make; somebody else may have its key.")]
    private static partial void LogForeign(ILogger logger, string session, string hash);

    [LoggerMessage(3251, LogLevel.Warning, "The account of {Session} was told something that an operator closed.")]
    private static partial void LogPassedOver(ILogger logger, string session);
}
