using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>
/// Removes people. First the wallet is given up for good, which it is only where it holds nothing; then the audit log is told; then all
/// goes in one transaction. Whoever is cut off in between asks again, and it goes on.
/// </summary>
internal sealed class Erasure(
    PasswordCheck passwords,
    UserDirectory directory,
    StepUp stepUp,
    IGrainFactory grains,
    IAuditLog audit,
    SessionBook sessions,
    NpgsqlDataSource database,
    IOptions<PostgresOptions> postgres,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private static readonly Error Administrator = new(
        ErrorKind.Refused, "administrator_kept", "An administrator is not removed. Have the role taken away first.");

    /// <summary>Null if he is gone; else why not.</summary>
    public async Task<Problem?> EraseAsync(
        UserId user, string sessionId, string? password, SessionFacts session, CancellationToken cancellationToken)
    {
        if (await passwords.RequireAsync(user, sessionId, password, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        if (await directory.FindFreshAsync(user, cancellationToken) is not { Role: Roles.User })
        {
            return Problem.Of(Administrator);
        }

        var wallet = grains.GetGrain<IWalletClosing>(WalletId.Of(user).Value);
        var retired = await Outcome.OfAsync(() => wallet.RetireAsync(user, stepUp.ProofOf(session)));
        if (retired is { IsSuccess: false, Error: { Kind: not ErrorKind.NotFound } error })
        {
            return StepUp.Explain(error, session);
        }

        // From here on the request is carried out even if the caller hangs up.
        // They would fail for ever, and name whom he paid.
        await grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user)).RetireAsync(user);
        await audit.AppendAsync(new AuditEntry(user.Value, "subject.erase", user.Value), CancellationToken.None);
        return await RemoveAsync(user, sessionId) switch
        {
            "erased" => null,
            "session_ended" => SessionGate.Over,
            _ => Problem.Of(Administrator),
        };
    }

    private async Task<string> RemoveAsync(UserId user, string sessionId)
    {
        await sessions.RemoveEndedAsync(user.Value, CancellationToken.None);
        await using var command = database.CreateCommand("SELECT identity.user_erase($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(sessionId);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }
}
