using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Chaos.Deployment;
using StellarPay.Demo;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>A silo with both providers on one database, the hot one's connections through a proxy that can cut or hold them.</summary>
internal sealed class CommitHost : IAsyncDisposable
{
    public const string StateName = "tests_commit";

    private readonly IHost _host;

    private CommitHost(IHost host, PostgresProxy proxy) => (_host, Proxy) = (host, proxy);

    public PostgresProxy Proxy { get; }

    public IGrainStorage Hot => _host.Services.GetRequiredKeyedService<IGrainStorage>("hot");

    public IGrainStorage Usual => _host.Services.GetRequiredKeyedService<IGrainStorage>("usual");

    public IStoragePressure Pressure => _host.Services.GetRequiredService<IStoragePressure>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<CommitHost> StartAsync(PostgresDatabase database)
    {
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var proxy = PostgresProxy.Start(direct.Host!, direct.Port);
        var proxied = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port };
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddStellarPayPostgres(options =>
        {
            options.ConnectionString = database.ConnectionString;
            options.DirectConnectionString = proxied.ConnectionString;
            options.ServiceId = "tests";
        });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePorts.Next(), FreePorts.Next())
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "tests"))
            .AddPostgresGrainStorage("usual")
            .AddGroupCommitGrainStorage("hot"));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new CommitHost(host, proxy);
    }

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Proxy.Heal();
        await StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        await Proxy.DisposeAsync();
    }

    public static string NewKey() => $"wal_{Guid.NewGuid():N}";

    public static GrainId Grain(string key) => GrainId.Create("commit", key);

    public static GrainState<CommitState> New(int n) => new(new CommitState { N = n });

    public static Task WriteAsync(IGrainStorage storage, string key, GrainState<CommitState> state) =>
        storage.WriteStateAsync(StateName, Grain(key), state);

    public static async Task<GrainState<CommitState>> ReadAsync(IGrainStorage storage, string key)
    {
        var state = new GrainState<CommitState>();
        await storage.ReadStateAsync(StateName, Grain(key), state);
        return state;
    }

    /// <summary>Waits for what must come about, with a deadline.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}

internal sealed class CommitState
{
    public int N { get; set; }

    public string? Text { get; set; }

    public List<JsonObject> Outbox { get; set; } = [];

    public CommitRows? Rows { get; set; }
}

/// <summary>The rows of a state by the names of their contract.</summary>
internal sealed class CommitRows
{
    public Dictionary<string, JsonObject>? Stored { get; set; }

    public Dictionary<string, JsonObject>? Put { get; set; }

    public List<string>? Deleted { get; set; }

    public static CommitRows Putting(string key, int n) => new() { Put = new() { [key] = new JsonObject { ["n"] = n } } };
}
