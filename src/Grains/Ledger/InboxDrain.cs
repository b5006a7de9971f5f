using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Ledger;

/// <summary>The owner of an inbox, as its drain sees it. All of it is called in the owner's turn.</summary>
internal interface IInboxOwner
{
    /// <summary>The owner's state as it is now; another object after <see cref="RereadAsync"/>.</summary>
    IInboxState Inbox { get; }

    /// <summary>How many events the write under way has so far.</summary>
    int EventCount { get; }

    /// <summary>
    /// Whether what it knows of the outside is as new as that place. Where it is not, a drain ends before it; whoever runs the
    /// drain looks again, beside the turns, before it runs the next.
    /// </summary>
    bool Knows(LedgerPlace place) => true;

    /// <summary>Changes the state by an entry. Where it throws, half of the change may be there.</summary>
    void Take(LedgerEntry entry);

    /// <summary>
    /// Writes the state with all that was taken, in one statement, and does nothing else that may fail: where it throws, the
    /// owner serves nobody until it has read again.
    /// </summary>
    /// <param name="taken">What was taken in by this write; empty where nothing was.</param>
    Task SaveAsync(IReadOnlyList<LedgerEntry> taken);

    /// <summary>Forgets what is in memory and reads what is stored.</summary>
    Task RereadAsync();
}

/// <summary>
/// Takes an owner's inbox in, some rows a write, in the ledger's order. What fails for no passing reason is looked for by
/// halves, down to the one row, which is parked. For one activation, and only in its turns.
/// </summary>
internal sealed partial class InboxDrain(
    LedgerOwner owner, IInboxOwner reader, ILedgerInbox inbox, INetworkFeed feed, TimeProvider time, ILogger logger)
{
    /// <summary>The most rows of one write.</summary>
    public const int MaxRows = 200;

    /// <summary>A write takes no more in when it has so many events.</summary>
    public const int MaxEvents = 500;

    private const string Applied = "applied";
    private const string Closed = "closed";
    private const string StillParked = "parked";

    private readonly ParkedLines _lines = new(feed);

    /// <summary>Whether the network has been asked something that nobody has taken yet.</summary>
    public bool HasAsked => _lines.HasAsked;

    /// <summary>
    /// Up to where ledgers had been read when the inbox was last found empty: what is not taken in by then, they do not hold. Null
    /// where it was not empty.
    /// </summary>
    public LedgerClose? EmptyAt { get; private set; }

    private int _rows = MaxRows;

    private static readonly Error NothingParked =
        new(ErrorKind.NotFound, "parked_operation_not_found", "There is no such parked operation.");

    private static readonly Error NotYet = new(ErrorKind.Unavailable, "parked_operation_too_soon",
        "Its owner does not know enough yet to judge it. Please try again in a few seconds.");

    /// <summary>Takes some rows in. Whether there may be more.</summary>
    public async Task<bool> StepAsync()
    {
        var page = await inbox.ReadAsync(owner, _rows, CancellationToken.None);
        EmptyAt = page.Entries.Count == 0 ? page.Watermark : null;
        if (page.Entries.Count == 0)
        {
            return false;
        }

        try
        {
            var taken = await TakeInAsync(() => TakeIn(page.Entries));
            if (taken.Count == 0)
            {
                return true;
            }

            await reader.SaveAsync(taken);
            _rows = Math.Min(MaxRows, _rows * 2);
            return page.More || taken.Count < page.Entries.Count;
        }
        catch (Exception exception) when (!FollowerTrouble.Passes(exception))
        {
            await reader.RereadAsync();
            if (page.Entries.Count == 1)
            {
                return await ParkAsync(page.Entries[0], exception);
            }

            _rows = page.Entries.Count / 2;
            LogHalved(exception, owner.Kind, owner.Key, page.Entries[0].Place.Token, page.Entries.Count);
            return true;
        }
    }

    /// <summary>Tries again what is parked at a place.</summary>
    public async Task<Result<int>> RetryAsync(long token, UserId operatorId)
    {
        var parked = await inbox.ReadParkedAsync(owner, token, CancellationToken.None);
        if (parked.Count == 0)
        {
            return NothingParked;
        }

        var applied = 0;
        foreach (var entry in parked)
        {
            if (await RetryAsync(entry, operatorId) is { } error)
            {
                return error;
            }

            applied++;
        }

        return applied;
    }

    /// <summary>Gives up what is parked at a place.</summary>
    public async Task<Result<int>> CloseAsync(long token, UserId operatorId)
    {
        var parked = await inbox.ReadParkedAsync(owner, token, CancellationToken.None);
        if (parked.Count == 0)
        {
            return NothingParked;
        }

        foreach (var entry in parked)
        {
            Resolve(entry.Place, Closed, operatorId);
        }

        await reader.SaveAsync([]);
        LogClosed(owner.Kind, owner.Key, token, operatorId.Value);
        return parked.Count;
    }

    // A write that fails makes its owner read again or end. Before it, half of the change is in memory, the place too, by which
    // the rows would be dropped at the next try: so whatever failed, it is forgotten here.
    private async Task<T> TakeInAsync<T>(Func<T> take)
    {
        try
        {
            return take();
        }
        catch (Exception exception) when (FollowerTrouble.Passes(exception))
        {
            await reader.RereadAsync();
            throw;
        }
    }

    private List<LedgerEntry> TakeIn(IReadOnlyList<LedgerEntry> entries)
    {
        var taken = new List<LedgerEntry>();
        foreach (var entry in entries)
        {
            if (reader.EventCount >= MaxEvents || !reader.Knows(entry.Place))
            {
                break;
            }

            var state = reader.Inbox;
            state.Marks().Consumed.Add([entry.Place.Token, entry.Place.Number]);
            if (entry.Place <= state.Drained)
            {
                // The place is the proof, the row is housekeeping: this was taken in, whatever brought the row back.
                LogAgain(owner.Kind, owner.Key, entry.Place.Token, entry.Place.Number);
            }
            else
            {
                state.Drained = entry.Place;
                if (entry.Unread is { } unread)
                {
                    Park(entry.Place, unread.Problem);
                }
                else
                {
                    reader.Take(entry);
                }
            }

            taken.Add(entry);
        }

        return taken;
    }

    // First the owner proves that it can write at all; else it is held, and nothing is given up for its trouble.
    private async Task<bool> ParkAsync(LedgerEntry entry, Exception cause)
    {
        try
        {
            await reader.SaveAsync([]);
        }
        catch (Exception exception) when (!FollowerTrouble.Passes(exception))
        {
            var failures = await inbox.HoldAsync(owner, LedgerText.Problem(exception.Message), CancellationToken.None);
            LogHeld(exception, owner.Kind, owner.Key, failures);
            await reader.RereadAsync();
            return false;
        }

        var state = reader.Inbox;
        state.Marks().Consumed.Add([entry.Place.Token, entry.Place.Number]);
        state.Drained = entry.Place > state.Drained ? entry.Place : state.Drained;
        Park(entry.Place, cause.Message);
        await reader.SaveAsync([entry]);
        LogParked(cause, owner.Kind, owner.Key, entry.Place.Token, entry.Place.Number);
        return true;
    }

    private async Task<Error?> RetryAsync(LedgerEntry entry, UserId operatorId)
    {
        if (!reader.Knows(entry.Place))
        {
            return NotYet;
        }

        var (known, read) = entry.Unread is { } unread ? await _lines.ReadAsync(unread) : (true, entry.Movement is { } m ? [m] : null);
        if (!known)
        {
            return NotYet;
        }

        if (entry.Outcome is null && read is null)
        {
            Resolve(entry.Place, StillParked, operatorId);
            await reader.SaveAsync([]);
            return new Error(ErrorKind.Refused, "parked_operation_unreadable",
                "The operation still cannot be understood. A newer version of StellarPay may.");
        }

        try
        {
            await TakeInAsync(() =>
            {
                foreach (var part in entry.Outcome is null ? ParkedLines.Entries(entry.Place, read!) : [entry])
                {
                    reader.Take(part with { Witness = entry.Witness });
                }

                return true;
            });
            Resolve(entry.Place, Applied, operatorId);
            await reader.SaveAsync([entry]);
            LogApplied(owner.Kind, owner.Key, entry.Place.Token, operatorId.Value);
            return null;
        }
        catch (Exception exception) when (!FollowerTrouble.Passes(exception))
        {
            await reader.RereadAsync();
            LogRefusedAgain(exception, owner.Kind, owner.Key, entry.Place.Token);
            Resolve(entry.Place, StillParked, operatorId, LedgerText.Problem(exception.Message));
            await reader.SaveAsync([]);
            return new Error(ErrorKind.Conflict, "parked_operation_refused", $"It was refused again: {exception.Message}");
        }
    }

    private void Park(LedgerPlace place, string error) => reader.Inbox.Marks().Parking.Add(
        new ParkingMark(place.Token, place.Number, LedgerText.Problem(error), time.GetUtcNow()));

    private void Resolve(LedgerPlace place, string status, UserId operatorId, string? error = null) =>
        reader.Inbox.Marks().Resolving.Add(
            new ResolvingMark(place.Token, place.Number, status, time.GetUtcNow(), operatorId.Value, error));

    [LoggerMessage(1320, LogLevel.Warning, "{Kind} {Key} could not take in {Count} rows from {Token} on; it tries with half of them")]
    private partial void LogHalved(Exception exception, string kind, string key, long token, int count);

    [LoggerMessage(1321, LogLevel.Critical, "{Kind} {Key} parked row {Token}/{Number}, which it cannot take in; an operator must see to it")]
    private partial void LogParked(Exception exception, string kind, string key, long token, int number);

    [LoggerMessage(1322, LogLevel.Critical, "{Kind} {Key} is held: it cannot be stored, {Failures} times by now")]
    private partial void LogHeld(Exception exception, string kind, string key, int failures);

    [LoggerMessage(1323, LogLevel.Critical, "{Kind} {Key} was given row {Token}/{Number} again, which it had taken in; it is dropped")]
    private partial void LogAgain(string kind, string key, long token, int number);

    [LoggerMessage(1324, LogLevel.Information, "{Kind} {Key} took in the parked row {Token} at the request of {Operator}")]
    private partial void LogApplied(string kind, string key, long token, string @operator);

    [LoggerMessage(1325, LogLevel.Warning, "{Kind} {Key} refused the parked row {Token} again")]
    private partial void LogRefusedAgain(Exception exception, string kind, string key, long token);

    [LoggerMessage(1326, LogLevel.Warning, "{Kind} {Key}: the parked row {Token} was closed by {Operator} and will never be taken in")]
    private partial void LogClosed(string kind, string key, long token, string @operator);
}
