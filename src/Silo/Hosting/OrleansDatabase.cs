using Npgsql;
using StellarPay.Adapters.Settings;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// The connections of Orleans' membership and reminders: apart from the wallets', so that a silo stays a member while those
/// are all taken. The pool has a name; Npgsql would tell its metrics by the connection string, certificate password and all.
/// </summary>
internal sealed class OrleansDatabase(StellarPaySettings settings) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = new NpgsqlDataSourceBuilder(settings.Postgres) { Name = "orleans" }.Build();

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
