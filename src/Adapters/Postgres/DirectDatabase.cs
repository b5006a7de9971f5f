using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Adapters.Postgres;

/// <summary>
/// The database without a pooler of transactions before it, for the few that keep a session: migrations, and who tells or
/// listens. What a session leaves behind is cleaned when it goes back.
/// </summary>
internal sealed class DirectDatabase(IOptions<PostgresOptions> options) : IAsyncDisposable, IDisposable
{
    private readonly Lazy<NpgsqlDataSource> _source = new(() => Create(options.Value));

    public NpgsqlDataSource Source => _source.Value;

    public void Dispose()
    {
        if (_source.IsValueCreated)
        {
            _source.Value.Dispose();
        }
    }

    private static NpgsqlDataSource Create(PostgresOptions options)
    {
        // Without a name Npgsql tells its metrics by the connection string, certificate password and all.
        var builder = new NpgsqlDataSourceBuilder(options.DirectConnectionString) { Name = "stellarpay-direct" };
        builder.EndThemFromTheStart(options.IdleInTransaction);
        return builder.Build();
    }

    public ValueTask DisposeAsync() => _source.IsValueCreated ? _source.Value.DisposeAsync() : ValueTask.CompletedTask;
}
