using Npgsql;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Me;

/// <summary>What came of asking for a handle.</summary>
internal enum HandleOutcome
{
    /// <summary>The user has it now.</summary>
    Set,

    /// <summary>The user had it already.</summary>
    Same,

    /// <summary>Someone else has it, or had it not long ago.</summary>
    Taken,

    /// <summary>The user has changed his handle not long ago.</summary>
    TooSoon,
}

/// <summary>Who is called what.</summary>
internal sealed class HandleBook(NpgsqlDataSource database, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public static readonly TimeSpan ChangeEvery = TimeSpan.FromDays(30);

    // How long a handle that was given up can be had again by its former owner alone.
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    /// <summary>Gives a user a handle, in the form that <see cref="Handle"/> makes; and from when on it may be changed.</summary>
    public async Task<(HandleOutcome Outcome, DateTimeOffset? ChangeableAt)> SetAsync(
        UserId user, string handle, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT outcome, changeable_at FROM identity.handle_set($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(user.Value);
        command.Parameters.AddWithValue(handle);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(ChangeEvery);
        command.Parameters.AddWithValue(KeptFor);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outcome = reader.GetString(0) switch
        {
            "set" => HandleOutcome.Set,
            "same" => HandleOutcome.Same,
            "taken" => HandleOutcome.Taken,
            _ => HandleOutcome.TooSoon,
        };
        return (outcome, reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>A user's handle, or null.</summary>
    public async Task<string?> FindHandleAsync(UserId user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT handle FROM identity.handles WHERE user_id = $1 AND released_at IS NULL");
        command.Parameters.AddWithValue(user.Value);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
