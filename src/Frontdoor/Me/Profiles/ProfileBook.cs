using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Me.Profiles;

/// <summary>What came of a change to a profile.</summary>
internal enum ProfileOutcome
{
    Done,

    /// <summary>The session was ended since the request was let in.</summary>
    SessionEnded,

    /// <summary>It changes what its user is told of, and he has not proven himself.</summary>
    ProofNeeded,
}

/// <summary>What users say of themselves, in infra/postgres/migrations/0035_profiles.sql.</summary>
internal sealed class ProfileBook(
    NpgsqlDataSource database, ISubjectKeys keys, IOptions<PostgresOptions> postgres,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>A user's profile; an empty one where he has none.</summary>
    public async Task<Profile> FindAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT full_name, language, time_zone, email_money, sms_money FROM identity.profiles WHERE user_id = $1");
        command.Parameters.AddWithValue(user.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return Profile.Empty;
        }

        var profile = new Profile(
            FullName: null,
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetBoolean(3),
            reader.IsDBNull(4) ? null : reader.GetBoolean(4));
        return reader.IsDBNull(0)
            ? profile
            : profile with { FullName = await OpenAsync(user, reader.GetFieldValue<byte[]>(0), cancellationToken) };
    }

    /// <summary>Changes what is named, and nothing else; and nothing at all but where that is done.</summary>
    public async Task<ProfileOutcome> ChangeAsync(
        UserId user, string session, ProfileChange change, bool proven, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.profile_change($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(Grains.Identifiers.EventId.New(time).Value);
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, await change.SealAsync(user, keys, cancellationToken));
        command.Parameters.AddWithValue(proven);
        command.Parameters.AddWithValue(time.GetUtcNow());
        return (string?)await command.ExecuteScalarAsync(cancellationToken) switch
        {
            "done" => ProfileOutcome.Done,
            "proof_needed" => ProfileOutcome.ProofNeeded,
            _ => ProfileOutcome.SessionEnded,
        };
    }

    private async Task<string?> OpenAsync(UserId user, byte[] fullName, CancellationToken cancellationToken) =>
        await keys.OpenAsync(ProfileChange.FullNameOf(user), fullName, cancellationToken) is { } name
            ? Encoding.UTF8.GetString(name)
            : null;
}
