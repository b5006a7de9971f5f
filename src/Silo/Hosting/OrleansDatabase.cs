using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// The connections of Orleans' membership and reminders: apart from the wallets', so that a silo stays a member while those
/// are all taken. The pool has a name; Npgsql would tell its metrics by the connection string, certificate password and all.
/// </summary>
internal sealed class OrleansDatabase(StellarPaySettings settings) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = Create(settings);

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static NpgsqlDataSource Create(StellarPaySettings settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.Postgres) { Name = "orleans" };

        // Orleans leaves nothing in a session, and a reset would undo what is set here.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.EndThem(TimeSpan.FromSeconds(settings.PostgresIdleSeconds));
        return builder.Build();
    }
}
