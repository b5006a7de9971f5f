using Microsoft.Extensions.Logging;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>What came to a merchant's address in a session's name, and what the merchant tells of refunds. For one activation.</summary>
internal sealed partial class PaymentSessionInbox : IOwnerRowsReader
{
    // More than a ledger can bring; who is sent more has his answer later.
    private const int MostSteps = 20;

    private readonly IPaymentSessionContext _session;
    private readonly Func<Task> _reread;
    private readonly InboxDrain _drain;
    private readonly OwnerRowsDrain _rows;
    private readonly OwnerRowsDesk _desk;
    private readonly InboxPump _pump;
    private readonly PaymentSessionServices _services;
    private readonly ILogger _logger;

    // Another session is named by its number at their address.
    private bool _isNumberTaken;

    public PaymentSessionInbox(
        IPaymentSessionContext session, PaymentSessionServices services, Func<Task> reread, ILogger logger)
    {
        (_session, _reread, _services, _logger) = (session, reread, services, logger);
        var owner = new LedgerOwner(PaymentSessionState.Name, session.Key);
        _drain = new InboxDrain(owner, this, services.Inbox, services.Feed, services.Clocks.Time, logger);
        _rows = new OwnerRowsDrain(owner, this, services.Inbox, logger);
        _desk = new OwnerRowsDesk(owner, this, services.SetAside, logger);
        _pump = new InboxPump(
            session, StepAsync, () => session.Grains.GetGrain<IPaymentSessionInternal>(session.Key).PokeAsync(), services.Clocks.Time,
            logger)
        {
            Places = services.Places,
            // Not with the merchant himself, who books what they tell him.
            Group = () => $"sessions of {session.State.Merchant}",
        };
    }

    IInboxState IInboxOwner.Inbox => _session.State;

    int IInboxOwner.EventCount => _session.Book.Count + _session.Refunds.Count;

    /// <summary>There may be something in the inbox.</summary>
    public void Poke() => _pump.Poke();

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _pump.Resume();

    /// <summary>Takes in all there is, in a turn: up to where ledgers were read when nothing was left; null where something is.</summary>
    public async Task<LedgerClose?> DrainAsync()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            await StepAsync();
            if (_drain.EmptyAt is { } emptyAt)
            {
                return emptyAt;
            }
        }

        Poke();
        return null;
    }

    /// <summary>Takes in, in a turn, what made the session be, where it was not taken in yet.</summary>
    public async Task BeginAsync()
    {
        try
        {
            await _rows.StepAsync();
        }
        catch (NumberTakenException)
        {
            await _rows.StepAsync();
        }
    }

    /// <summary>Takes in, in a turn, all that others told it. Whether nothing of that is left.</summary>
    public async Task<bool> TakeRowsAsync()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            if (!await _rows.StepAsync())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes in what was parked at a place of the ledger.</summary>
    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId) => _drain.RetryAsync(token, operatorId);

    /// <summary>Gives up what was parked at a place of the ledger.</summary>
    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => _drain.CloseAsync(token, operatorId);

    /// <summary>Takes in what the merchant told and was set aside.</summary>
    public Task<Result<int>> RetrySetAsideAsync(long id, UserId operatorId) => _desk.RetryAsync(id, operatorId);

    /// <summary>Gives up what the merchant told and was set aside.</summary>
    public Task<Result<int>> CloseSetAsideAsync(long id, UserId operatorId) => _desk.CloseAsync(id, operatorId);

    void IInboxOwner.Take(LedgerEntry entry)
    {
        // What an account of its own pays the merchant that account tells, with who had sent it and when.
        if (entry.Movement is { } movement && (_session.State.Own is not { } own || movement.From != own.Address))
        {
            _session.Signings.Arrived(movement);
            _session.Book.Take(entry.Place, movement, _session.Now);
            _session.Signings.Tell();
        }
    }

    void IOwnerRowsReader.Take(OwnerRow row)
    {
        if (SessionBirth.Find(row.Content) is { } birth)
        {
            _session.Acceptances.Take(birth, isNamed: !_isNumberTaken);
        }
        else if (row.Sender.Kind == PaymentAddressState.Name)
        {
            _session.Addresses.Take(row);
        }
        else if (row.Sender.Kind == GrainState.Wallet)
        {
            _session.Signings.Take(row, _drain.EmptyAt?.ClosedAt);
        }
        else if (ReceiptAssignment.Find(row.Content) is { } assignment)
        {
            // What it has judged already it does not judge once more: an operator gave up what it said of it.
            if (_session.State.Merchant == assignment.Merchant && !_session.State.HasJudged(assignment.Assigned.Place))
            {
                _session.Book.Take(
                    assignment.Assigned.Place, assignment.MovementTo(_session.State.Address), _session.Now, assignment.Assigned);
            }
            else
            {
                GiveBack(assignment);
            }
        }
        else if (!SessionNotes.Take(_session, row))
        {
            _session.Refunds.Take(RefundNews.Of(row.Content), _session.Now);
        }
    }

    // What it says is noted as far as it can be. What nobody can read speaks of nothing.
    void IOwnerRowsReader.PassOver(OwnerRow row)
    {
        try
        {
            if (row.Sender.Kind == PaymentAddressState.Name)
            {
                _session.Addresses.PassOver(row);
                return;
            }

            if (row.Sender.Kind == GrainState.Wallet)
            {
                // What it has signed comes or not; the ledgers end what was not told.
                return;
            }

            if (SessionBirth.Is(row.Content) && _session.State.Merchant is not null && SessionBirth.Find(row.Content) is { } taken)
            {
                // Never of this id; under another it is made all the same.
                _session.Acceptances.Take(taken, isNamed: false);
                return;
            }

            if (SessionBirth.Is(row.Content))
            {
                throw new InvalidOperationException(
                    "the merchant has sold the payment by which it is paid, and without the session nobody could give it back. "
                    + "Have it tried again when what kept it from being taken in is mended.");
            }

            if (ReceiptAssignment.Find(row.Content) is { } assignment)
            {
                GiveBack(assignment);
            }
            else if (!SessionNotes.Take(_session, row))
            {
                _session.Refunds.PassOver(RefundNews.Of(row.Content), _session.Now);
            }
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            LogUnreadable(_logger, unreadable, _session.Key);
        }
    }

    // It will never be judged here: its merchant decides again.
    private void GiveBack(ReceiptAssignment assignment) => ((IInboxState)_session.State).Marks().Sent.Add(SentRow.Of(
        new LedgerOwner(MerchantState.Name, assignment.Merchant), new ReceiptReturn(assignment.Assigned).ToJson()));

    // A session that is made of a late payment chose its id where nobody could look whether its number is free. It is paid already: it can
    // do without being named at the address.
    async Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken)
    {
        try
        {
            await _session.SaveAsync();
        }
        catch (Exception exception) when (!_isNumberTaken && _services.Inbox.IsNumberTaken(exception))
        {
            _isNumberTaken = true;
            throw new NumberTakenException(exception);
        }
    }

    Task IInboxOwner.RereadAsync() => _reread();

    // The merchant tells it seldom anything: he is asked where refunds are under way, and where it was poked and no ledger had anything.
    private async Task<bool> StepAsync()
    {
        if (_session.State.Merchant is null)
        {
            // Another one may have made it be; what is taken in says so. Where that was set aside it waits for an operator, and is not
            // poked for it.
            var more = await _rows.StepAsync();
            if (_session.State.Merchant is null && !more)
            {
                LogNotBegun(_logger, _session.Key);
            }

            return _session.State.Merchant is not null || more;
        }

        // Which account is its own it must know before it is shown what that paid: else it would take that for its payer.
        var steps = 0;
        while (_session.Addresses.MayBeUnknown && await _rows.StepAsync() && steps < MostSteps)
        {
            steps++;
        }

        var before = _session.State.Drained;
        if (await _drain.StepAsync())
        {
            return true;
        }

        // All is judged up to there: what had to be in a ledger by then is in none.
        if (_drain.EmptyAt is { } emptyAt && _session.State.Parked == 0 && _session.Signings.Lapse(emptyAt.ClosedAt))
        {
            await _session.SaveAsync();
        }

        return (_session.Refunds.AwaitsNews || _session.Signings.Awaits || _session.State.Own is not null
                || _session.State.Drained == before)
            && await _rows.StepAsync();
    }

    // Tried again at once, without the name.
    private sealed class NumberTakenException(Exception cause) : Exception("The session's number is another's.", cause), IPassingFailure;

    [LoggerMessage(3230, LogLevel.Warning, "Session {Session} was poked and is not: what made it be is set aside, or was taken in nowhere.")]
    private static partial void LogNotBegun(ILogger logger, string session);

    [LoggerMessage(1553, LogLevel.Warning, "Session {Session} was told something that nobody can read, and an operator closed it.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string session);
}
