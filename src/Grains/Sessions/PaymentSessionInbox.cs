using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>What came to a merchant's address in a session's name, and what the merchant tells of refunds. For one activation.</summary>
internal sealed class PaymentSessionInbox : IOwnerRowsReader
{
    // More than a ledger can bring; who is sent more has his answer later.
    private const int MostSteps = 20;

    private readonly IPaymentSessionContext _session;
    private readonly Func<Task> _reread;
    private readonly InboxDrain _drain;
    private readonly OwnerRowsDrain _rows;
    private readonly OwnerRowsDesk _desk;
    private readonly InboxPump _pump;

    public PaymentSessionInbox(
        IPaymentSessionContext session, PaymentSessionServices services, Func<Task> reread, ILogger logger)
    {
        (_session, _reread) = (session, reread);
        var owner = new LedgerOwner(PaymentSessionState.Name, session.Key);
        _drain = new InboxDrain(owner, this, services.Inbox, services.Feed, services.Clocks.Time, logger);
        _rows = new OwnerRowsDrain(owner, this, services.Inbox, logger);
        _desk = new OwnerRowsDesk(owner, this, services.SetAside, logger);
        _pump = new InboxPump(
            session, StepAsync, () => session.Grains.GetGrain<IPaymentSessionInternal>(session.Key).PokeAsync(), services.Clocks.Time,
            logger)
        {
            Places = services.Places,
        };
    }

    IInboxState IInboxOwner.Inbox => _session.State;

    int IInboxOwner.EventCount => _session.Book.Count + _session.Refunds.Count;

    /// <summary>There may be something in the inbox.</summary>
    public void Poke() => _pump.Poke();

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _pump.Resume();

    /// <summary>
    /// Takes in all that there is, in a turn. Up to where ledgers had been read when nothing was left; null where something is.
    /// </summary>
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
        if (entry.Movement is { } movement)
        {
            _session.Book.Take(entry.Place, movement, _session.Now);
        }
    }

    void IOwnerRowsReader.Take(OwnerRow row) => _session.Refunds.Take(RefundNews.Of(row.Content), _session.Now);

    // What cannot be taken in speaks of a refund that has ended, or that nobody made: there is nothing to note.
    void IOwnerRowsReader.PassOver(OwnerRow row)
    {
    }

    Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken) => _session.SaveAsync();

    Task IInboxOwner.RereadAsync() => _reread();

    // Nobody tells it anything but of refunds: as long as none is under way, nobody is asked.
    private async Task<bool> StepAsync() => _session.State.Merchant is null
        ? throw new InvalidOperationException($"Session {_session.Key} is named at an address but has no state.")
        : await _drain.StepAsync() || (_session.Refunds.AwaitsNews && await _rows.StepAsync());
}
