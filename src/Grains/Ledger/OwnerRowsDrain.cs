using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>An owner of an inbox who is told something by others. All of it is called in the owner's turn.</summary>
internal interface IOwnerRowsReader : IInboxOwner
{
    /// <summary>Changes the state by what another told. Where it throws, half of the change may be there.</summary>
    void Take(OwnerRow row);

    /// <summary>
    /// Notes that what another told moves nothing, ever: the movement of which it speaks was closed, or an operator gave it up.
    /// </summary>
    void PassOver(OwnerRow row);
}

/// <summary>
/// Takes in what others told an owner, some rows a write. What fails for no passing reason is looked for by halves, down to the one row,
/// which is set aside: it and what its sender told after it wait for an operator, and nobody else's. For one activation, in its turns.
/// </summary>
internal sealed partial class OwnerRowsDrain(LedgerOwner owner, IOwnerRowsReader reader, ILedgerInbox inbox, ILogger logger)
{
    private int _rows = InboxDrain.MaxRows;

    /// <summary>Takes some rows in. Whether there may be more.</summary>
    public async Task<bool> StepAsync()
    {
        var rows = await inbox.ReadRowsAsync(owner, reader.Inbox.Drained, _rows, CancellationToken.None);
        if (rows.Count == 0)
        {
            return false;
        }

        var full = rows.Count == _rows;
        try
        {
            var taken = TakeIn(rows);
            await reader.SaveAsync([]);
            _rows = Math.Min(InboxDrain.MaxRows, _rows * 2);
            return full || taken < rows.Count;
        }
        catch (Exception exception)
        {
            // Half of the change is in memory: it is forgotten, whatever failed.
            await reader.RereadAsync();
            if (FollowerTrouble.Passes(exception))
            {
                throw;
            }

            if (rows.Count == 1)
            {
                await SetAsideAsync(rows[0], exception);
                return true;
            }

            _rows = rows.Count / 2;
            LogHalved(exception, owner.Kind, owner.Key, rows.Count);
            return true;
        }
    }

    /// <summary>Changes the state by what another told, or notes that it moves nothing any more.</summary>
    internal static void Take(IOwnerRowsReader reader, OwnerRow row)
    {
        if (row.IsMovementClosed)
        {
            reader.PassOver(row);
        }
        else
        {
            reader.Take(row);
        }
    }

    private int TakeIn(IReadOnlyList<OwnerRow> rows)
    {
        var taken = 0;
        foreach (var row in rows)
        {
            if (reader.EventCount >= InboxDrain.MaxEvents)
            {
                break;
            }

            reader.Inbox.Marks().Received.Add(ReceivedMark.Of(row));
            Take(reader, row);
            taken++;
        }

        return taken;
    }

    private async Task SetAsideAsync(OwnerRow row, Exception cause)
    {
        reader.Inbox.Marks().SetAside.Add(new SetAsideMark(
            row.Sender.Kind, row.Sender.Key, row.Version, row.Number, LedgerText.Problem(cause.Message)));
        await reader.SaveAsync([]);
        LogSetAside(cause, owner.Kind, owner.Key, row.Sender.Kind, row.Sender.Key, row.Version, row.Number);
    }

    [LoggerMessage(1328, LogLevel.Warning, "{Kind} {Key} could not take in {Count} rows of others; it tries with half of them")]
    private partial void LogHalved(Exception exception, string kind, string key, int count);

    [LoggerMessage(1329, LogLevel.Critical,
        "{Kind} {Key} set aside what {SenderKind} {SenderKey} told it ({Version}/{Number}), which it cannot take in; an operator must see to it")]
    private partial void LogSetAside(
        Exception exception, string kind, string key, string senderKind, string senderKey, int version, int number);
}
