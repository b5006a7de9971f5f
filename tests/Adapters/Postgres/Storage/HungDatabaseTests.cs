using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using Orleans.Storage;
using StellarPay.Adapters.Failures;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;
using StellarPay.Tests;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>
/// A database that is there and says nothing (paused, or behind a network that swallows everything) holds no read, and with it no
/// activation, for longer than ten seconds; and that is trouble that passes.
/// </summary>
public sealed class HungDatabaseTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestClock _clock = new();

    [Fact]
    public async Task A_read_by_shared_commits_is_given_up_after_ten_seconds()
    {
        using var hung = new HungServer();
        await using var services = Services(hung);
        await using var commits = ActivatorUtilities.CreateInstance<GroupCommits>(services);
        var storage = ActivatorUtilities.CreateInstance<GroupCommitStorage>(services, commits);

        await IsGivenUpAsync(storage);
    }

    [Fact]
    public async Task A_read_by_Orleans_provider_is_given_up_after_ten_seconds_and_changes_nothing_later()
    {
        var hung = new HungStorage();
        var storage = new TurnStorage(hung, new StateSerializer(), new NoHints(), _clock);
        var state = await IsGivenUpAsync(storage);

        hung.Answer.SetResult();
        await hung.Answered.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        (state.State!.N, state.ETag).ShouldBe((7, "old"));
    }

    [Fact]
    public void Statements_and_connections_have_a_bound_unless_the_setting_names_another()
    {
        Timeouts("Host=127.0.0.1;Database=x").ShouldBe((8, 8));
        Timeouts("Host=127.0.0.1;Database=x;Command Timeout=60;Timeout=20").ShouldBe((60, 20));

        static (int, int) Timeouts(string connectionString)
        {
            using var services = Services(connectionString);
            var built = new NpgsqlConnectionStringBuilder(services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
            return (built.CommandTimeout, built.Timeout);
        }
    }

    private async Task<GrainState<CommitState>> IsGivenUpAsync(IGrainStorage storage)
    {
        var state = new GrainState<CommitState>(new CommitState { N = 7 }, "old");
        var read = storage.ReadStateAsync(CommitHost.StateName, CommitHost.Grain(CommitHost.NewKey()), state);
        await _clock.WaitForTimerAsync(BoundedRead.Longest);
        _clock.Advance(BoundedRead.Longest - TimeSpan.FromSeconds(1));
        read.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        var late = await Should.ThrowAsync<TimeoutException>(read.WaitAsync(Deadline));

        AdapterFailures.Passes(late).ShouldBeTrue();
        BoundedRead.Longest.ShouldBe(TimeSpan.FromSeconds(10));
        return state;
    }

    private ServiceProvider Services(HungServer server) => new ServiceCollection()
        .AddLogging()
        .AddSerializer()
        .AddSingleton<TimeProvider>(_clock)
        .AddStellarPayPostgres(options => options.ConnectionString = server.ConnectionString)
        .BuildServiceProvider();

    private static ServiceProvider Services(string connectionString) => new ServiceCollection()
        .AddLogging()
        .AddStellarPayPostgres(options => options.ConnectionString = connectionString)
        .BuildServiceProvider();

    // Connections are accepted, by the kernel alone, and nothing is ever said.
    private sealed class HungServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public HungServer() => _listener.Start();

        public string ConnectionString =>
            $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Database=x;Username=x;Pooling=false";

        public void Dispose() => _listener.Dispose();
    }

    private sealed class HungStorage : IGrainStorage
    {
        public TaskCompletionSource Answer { get; } = new();

        public TaskCompletionSource Answered { get; } = new();

        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await Answer.Task;
            (grainState.State, grainState.ETag) = (Activator.CreateInstance<T>(), "new");
            Answered.SetResult();
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }

    private sealed class NoHints : IEventHints
    {
        public void Tell()
        {
        }
    }
}
