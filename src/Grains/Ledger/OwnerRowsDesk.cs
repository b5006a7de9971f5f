using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Where operators see to what an owner was told and set aside: each decision is a write of the owner. For one activation, in its turns.
/// </summary>
internal sealed partial class OwnerRowsDesk(LedgerOwner owner, IOwnerRowsReader reader, ISetAsideRows rows, ILogger logger)
{
    private const string Applied = "applied";
    private const string Closed = "closed";
    private const string StillWaiting = "waiting";

    private static readonly Error NothingSetAside =
        new(ErrorKind.NotFound, "set_aside_row_not_found", "There is no such row that was set aside.");

    /// <summary>Tries again what was set aside.</summary>
    public async Task<Result<int>> RetryAsync(long id, UserId operatorId)
    {
        if (await FindAsync(id) is not { } row)
        {
            return NothingSetAside;
        }

        try
        {
            OwnerRowsDrain.Take(reader, row);
            Resolve(row, Applied, operatorId);
            await reader.SaveAsync([]);
            LogApplied(owner.Kind, owner.Key, id, operatorId.Value);
            return 1;
        }
        catch (Exception exception)
        {
            await reader.RereadAsync();
            if (FollowerTrouble.Passes(exception))
            {
                throw;
            }

            LogRefusedAgain(exception, owner.Kind, owner.Key, id);
            Resolve(row, StillWaiting, operatorId, LedgerText.Problem(exception.Message));
            await reader.SaveAsync([]);
            return new Error(ErrorKind.Conflict, "set_aside_row_refused", $"It was refused again: {exception.Message}");
        }
    }

    /// <summary>Gives up what was set aside: it moves nothing, ever.</summary>
    public async Task<Result<int>> CloseAsync(long id, UserId operatorId)
    {
        if (await FindAsync(id) is not { } row)
        {
            return NothingSetAside;
        }

        try
        {
            reader.PassOver(row);
            Resolve(row, Closed, operatorId);
            await reader.SaveAsync([]);
            LogClosed(owner.Kind, owner.Key, id, operatorId.Value);
            return 1;
        }
        catch (Exception exception)
        {
            await reader.RereadAsync();
            if (FollowerTrouble.Passes(exception))
            {
                throw;
            }

            LogRefusedAgain(exception, owner.Kind, owner.Key, id);
            return new Error(ErrorKind.Conflict, "set_aside_row_not_closed", $"It cannot be closed now: {exception.Message}");
        }
    }

    private async Task<OwnerRow?> FindAsync(long id) =>
        await rows.FindAsync(id, CancellationToken.None) is { Status: SetAsideStatus.Waiting } found && found.Owner == owner
            ? found.Row
            : null;

    private void Resolve(OwnerRow row, string status, UserId operatorId, string? error = null) =>
        reader.Inbox.Marks().ResolvedRows.Add(new ResolvedRowMark(
            row.Sender.Kind, row.Sender.Key, row.Version, row.Number, status, operatorId.Value, error));

    [LoggerMessage(1530, LogLevel.Information, "{Kind} {Key} took in row {Row} of another, which it had set aside, at the request of {Operator}")]
    private partial void LogApplied(string kind, string key, long row, string @operator);

    [LoggerMessage(1531, LogLevel.Warning, "{Kind} {Key} refused row {Row} of another again")]
    private partial void LogRefusedAgain(Exception exception, string kind, string key, long row);

    [LoggerMessage(1532, LogLevel.Warning, "{Kind} {Key}: row {Row} of another was closed by {Operator} and will never be taken in")]
    private partial void LogClosed(string kind, string key, long row, string @operator);
}
