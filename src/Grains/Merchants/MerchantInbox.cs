using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Merchants;

/// <summary>What the ledger did to a merchant's account, and what sessions say of it. For one activation.</summary>
internal sealed partial class MerchantInbox : IOwnerRowsReader
{
    private readonly IMerchantContext _merchant;
    private readonly Func<Task> _reread;
    private readonly InboxDrain _drain;
    private readonly OwnerRowsDrain _rows;
    private readonly OwnerRowsDesk _desk;
    private readonly InboxPump _pump;
    private readonly ILogger _logger;

    public MerchantInbox(IMerchantContext merchant, MerchantServices services, Func<Task> reread, ILogger logger)
    {
        (_merchant, _reread, _logger) = (merchant, reread, logger);
        var owner = new LedgerOwner(MerchantState.Name, merchant.Key);
        _drain = new InboxDrain(owner, this, services.Inbox, services.Feed, services.Clocks.Time, logger);
        _rows = new OwnerRowsDrain(owner, this, services.Inbox, logger);
        _desk = new OwnerRowsDesk(owner, this, services.SetAside, logger);
        _pump = new InboxPump(
            merchant, StepAsync, () => merchant.Grains.GetGrain<IMerchantInternal>(merchant.Key).PokeAsync(), services.Clocks.Time, logger)
        {
            Places = services.Places,
        };
    }

    IInboxState IInboxOwner.Inbox => _merchant.State;

    int IInboxOwner.EventCount => _merchant.Book.Count + _merchant.Refunds.Changes + _merchant.Receipts.Count;

    /// <summary>There may be something in the inbox.</summary>
    public void Poke() => _pump.Poke();

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _pump.Resume();

    /// <summary>Takes in what was parked at a place of the ledger.</summary>
    public async Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        var before = _merchant.State.Submission;
        var retried = await ThenPokeAsync(_drain.RetryAsync(token, operatorId));
        _merchant.Engine.AfterDraining(before);
        return retried;
    }

    /// <summary>Gives up what was parked at a place of the ledger.</summary>
    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => ThenPokeAsync(_drain.CloseAsync(token, operatorId));

    /// <summary>Takes in what a session told and was set aside.</summary>
    public Task<Result<int>> RetrySetAsideAsync(long id, UserId operatorId) => ThenPokeAsync(_desk.RetryAsync(id, operatorId));

    /// <summary>Gives up what a session told and was set aside.</summary>
    public Task<Result<int>> CloseSetAsideAsync(long id, UserId operatorId) => ThenPokeAsync(_desk.CloseAsync(id, operatorId));

    void IInboxOwner.Take(LedgerEntry entry)
    {
        if (entry.Outcome is { } outcome)
        {
            if (_merchant.Submissions.IsForeign(outcome))
            {
                LogForeign(_logger, _merchant.Key, outcome.TransactionHash);
            }

            _merchant.Engine.TakeAnswers();
            _merchant.Submissions.Take(outcome, _merchant.Now);
            _merchant.Book.Pay(outcome);
        }

        if (entry.Movement is { } movement)
        {
            _merchant.Submissions.Take(movement, _merchant.Now);
            _merchant.Book.Move(entry.Place, movement);
            _merchant.Receipts.Take(entry);
            if (movement.Type == "create_account" && movement.To == _merchant.State.Address)
            {
                // Whether it has its trustlines too, the ledger is asked.
                _merchant.WakeSoon(TimeSpan.Zero);
            }
        }
    }

    void IOwnerRowsReader.Take(OwnerRow row)
    {
        if (ReceiptReturn.Find(row.Content) is { } news)
        {
            _merchant.Receipts.TakeBack(news);
        }
        else if (HeardNews.Find(row.Content) is { } heard)
        {
            UnbookedSales.Forget(_merchant.State, row.Sender.Key, heard.Heard);
        }
        else if (RefundOrder.Find(row.Content) is { } order)
        {
            if (UnbookedSales.IsOfNothing(_merchant.State, row, order.IsOfTaken))
            {
                // It would be paid of what is held for others, or theirs.
                _merchant.Refunds.PassOver(order);
            }
            else
            {
                _merchant.Refunds.Take(order, _merchant.Now);
            }
        }
        else if (RefundGivenUp.Find(row.Content) is { } givenUp)
        {
            _merchant.Refunds.GiveUp(givenUp);
        }
        else
        {
            var verdict = SessionVerdict.Of(row.Content);
            if (verdict.IsAcceptance && UnbookedSales.IsOfNothing(_merchant.State, row, isOfTaken: false))
            {
                _merchant.Book.PassOver(row);
            }
            else
            {
                _merchant.Book.Judge(verdict);
                UnbookedSales.NoteAccepted(_merchant.State, row, verdict);
            }
        }
    }

    void IOwnerRowsReader.PassOver(OwnerRow row)
    {
        if (Read(row, ReceiptReturn.Find) is { } news)
        {
            // It moves nothing, and what it speaks of must not stay where nobody sees to it.
            _merchant.Receipts.TakeBack(news);
        }
        else if (Read(row, HeardNews.Find) is { } heard)
        {
            UnbookedSales.Forget(_merchant.State, row.Sender.Key, heard.Heard);
        }
        else if (Read(row, RefundOrder.Find) is { } order)
        {
            _merchant.Refunds.PassOver(order);
        }
        else if (Read(row, RefundGivenUp.Find) is null)
        {
            // That a refund waits on moves nothing.
            _merchant.Book.PassOver(row);
            if (UnbookedSales.Read(row)?.Receipt is { } assigned)
            {
                // It is nobody's again, and its merchant decides anew.
                _merchant.Receipts.TakeBack(new ReceiptReturn(assigned));
            }
        }

        // What nobody can read is given up all the same.
        static T? Read<T>(OwnerRow row, Func<System.Text.Json.JsonElement, T?> find)
            where T : class
        {
            try
            {
                return find(row.Content);
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }

    Task IInboxOwner.SaveAsync(IReadOnlyList<LedgerEntry> taken) => _merchant.SaveAsync();

    Task IInboxOwner.RereadAsync() => _reread();

    // What waited behind it goes on.
    private async Task<Result<int>> ThenPokeAsync(Task<Result<int>> decided)
    {
        var result = await decided;
        Poke();
        return result;
    }

    // First what came, then what is said of it: a verdict waits until its movement is booked.
    private async Task<bool> StepAsync()
    {
        if (_merchant.State.Key is null)
        {
            throw new InvalidOperationException($"Merchant {_merchant.Key} has an address but no state.");
        }

        var before = _merchant.State.Submission;
        var more = await _drain.StepAsync() || await _rows.StepAsync() || await ReserveAsync();
        _merchant.Engine.AfterDraining(before);
        // Also what somebody should be driving, and perhaps nobody is.
        _merchant.Engine.Resume();
        return more;
    }

    // In a write of its own: what it can set aside must not keep a verdict from being stored.
    private async Task<bool> ReserveAsync()
    {
        var changed = _merchant.Refunds.Reserve();
        if (changed > 0)
        {
            await _merchant.SaveAsync();
        }

        return changed == RefundOrders.MostAtOnce;
    }

    [LoggerMessage(1550, LogLevel.Critical,
        "Merchant {Merchant}: the ledger holds transaction {Hash}, which it did not make; somebody else may have its key.")]
    private static partial void LogForeign(ILogger logger, string merchant, string hash);
}
