using System.Globalization;
using Npgsql;
using Orleans.Storage;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>What <c>grain_states_write</c> says of one write.</summary>
/// <param name="Place">Which, from 0.</param>
/// <param name="Word">done, stale, taken, busy or refused.</param>
/// <param name="NewVersion">The version that it made.</param>
/// <param name="SqlState">Why it was refused.</param>
/// <param name="Message">The same for people.</param>
/// <param name="Constraint">The constraint that it violated.</param>
internal sealed record WriteVerdict(
    int Place, string Word, int? NewVersion = null, string? SqlState = null, string? Message = null, string? Constraint = null)
{
    public const string Done = "done";
    public const string Stale = "stale";
    public const string Refused = "refused";

    /// <summary>The word for a write of which nobody knows what became; the database does not say it.</summary>
    public const string Unknown = "unknown";

    /// <summary>Tells it to whoever waits, as the same exceptions that Orleans' ADO.NET provider would throw.</summary>
    public void Tell(PendingWrite write)
    {
        switch (Word)
        {
            case Done:
                write.Succeed(NewVersion!.Value);
                break;
            case Stale:
                write.Fail(new InconsistentStateException(
                    $"The state '{write.Key.StateName}' of {write.Key.GrainKey} is not at version {write.Version?.ToString(CultureInfo.InvariantCulture) ?? "none"} any more."));
                break;
            default:
                write.Fail(new PostgresException(
                    Message ?? "", "ERROR", "ERROR", SqlState ?? PostgresErrorCodes.InternalError, constraintName: Constraint));
                break;
        }
    }
}
