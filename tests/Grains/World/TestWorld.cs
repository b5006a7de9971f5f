using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.World;

/// <summary>A cluster of the real grains in a world of the test's own: network, storage, keys, clock, faults.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeathPatience = TimeSpan.FromMinutes(2);

    private readonly bool _friendbot;
    private readonly ConcurrentDictionary<string, TestUser> _users = [];
    private readonly Action<IServiceCollection>? _with;
    private bool _follows;
    private bool _shared;

    private TestWorld(short silos, bool friendbot, WorldStorage storage, Action<IServiceCollection>? with)
    {
        (_friendbot, _with) = (friendbot, with);
        Storage = storage;
        Cluster = WorldCluster.Build(silos, storage.ServiceId, Configure);
    }

    public InProcessTestCluster Cluster { get; }

    public FakeNetwork Network { get; } = new();

    public WorldStorage Storage { get; }

    public MemoryKeyEncryptionKey KeyEncryptionKey { get; } = new();

    public MemoryAuditLog Audit { get; } = new();

    public MemoryNetworkHalts Halts { get; } = new();

    public MemorySuspense Suspense => ((MemoryStorage)Storage).Suspense;

    public ArmedFaultPoints Faults { get; } = new();

    public CapturingLoggerProvider Log { get; } = new();

    public MemoryRates Rates { get; } = new();

    public MemoryDenyList DenyList { get; } = new();

    public MemoryDeciders Deciders { get; } = new();

    public TestClock Business { get; } = new();

    public IGrainFactory Grains => Cluster.Client;

    /// <summary>What happened to the users of this test, and in a world of its own all that happened, in order.</summary>
    public JsonObject[] Events =>
        [.. Storage.Events.Where(e => !_shared || ((string?)e["owner"] is { } owner && _users.ContainsKey(owner)))];

    public static async Task<TestWorld> StartAsync(
        short silos = 1, bool follow = true, bool friendbot = true, WorldStorage? storage = null,
        Action<IServiceCollection>? with = null)
    {
        CallRecorder.Enter(TestContext.Current.TestClass?.TestClassName);
        var world = new TestWorld(silos, friendbot, storage ?? new MemoryStorage(), with);
        await world.Cluster.DeployAsync();
        if (follow)
        {
            await world.Grains.GetGrain<IFollowerInternal>(IFollowerGrain.Key).StartAsync();
            world._follows = true;
        }

        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAllSilosAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Looks again and again until it is so, and fails with a sentence if that takes too long.</summary>
    public static Task UntilAsync(Func<Task<bool>> isSo, string what) => UntilAsync(isSo, what, Patience);

    public static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    private static Task UntilAsync(Func<bool> isSo, string what, TimeSpan patience) =>
        UntilAsync(() => Task.FromResult(isSo()), what, patience);

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"In {patience.TotalSeconds} seconds it never came to be that {what}.");
            }
        }
    }

    public JsonObject[] EventsOf(string type) => [.. Events.Where(e => (string)e["type"]! == type)];

    /// <summary>A port of a silo: what is stored beside the states.</summary>
    public T Port<T>()
        where T : notnull => Cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    /// <summary>
    /// Takes back what the test before armed and forgets its users; false if these do not come to rest, or the network has
    /// begun again, so that the next test needs another world.
    /// </summary>
    public async Task<bool> TryBeginTestAsync()
    {
        _shared = true;
        Storage.ForgetFailures();
        Faults.Clear();
        Rates.Reset();
        DenyList.Reset();
        KeyEncryptionKey.Down = false;
        Network.Calm();
        var atRest = Halts.InForce is null && Network.Look(l => l.Epoch) == 0 && await CameToRestAsync();
        _users.Clear();
        Network.ForgetWhatWasAsked();
        return atRest;
    }

    private async Task<bool> CameToRestAsync()
    {
        try
        {
            await UntilAsync(
                () => _users.Values.All(user => Storage.StoredSubmission(user.Key) is null),
                "no transaction is under way", RestPatience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Whether a user's wallet is active on that silo.</summary>
    public bool IsOn(SiloAddress silo, TestUser user) =>
        Cluster.TryGetGrainContext(user.Wallet.GetGrainId(), out var wallet) && silo.Equals(wallet.Address.SiloAddress);

    /// <summary>Starts the follower after a silo has died, as the silo that lives does: again, until the dead one is known.</summary>
    public Task FollowAgainAsync() => UntilAsync(async () =>
    {
        try
        {
            await Grains.GetGrain<IFollowerInternal>(IFollowerGrain.Key).StartAsync();
            return true;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return false;
        }
    }, "the follower runs again");

    /// <summary>Wakes what is due, in every partition.</summary>
    public async Task SweepAsync()
    {
        foreach (var key in DuePartitions.Keys())
        {
            await Grains.GetGrain<IDueGrain>(key).SweepAsync();
        }
    }

    /// <summary>Waits while time passes and what is due is woken, as after a crash.</summary>
    public Task UntilAfterSweepsAsync(Func<Task<bool>> isSo, string what) => UntilAsync(async () =>
    {
        Business.Advance(TimeSpan.FromSeconds(5));
        await SweepAsync();
        return await isSo();
    }, what);

    /// <summary>
    /// The same where a silo has died: until the others know of it, whatever was there does not answer, and is asked again.
    /// </summary>
    public Task UntilAfterDeathAsync(Func<Task<bool>> isSo, string what) => UntilAsync(
        async () =>
        {
            try
            {
                Business.Advance(TimeSpan.FromSeconds(5));
                await SweepAsync();
                return await isSo();
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                return false;
            }
        },
        what,
        DeathPatience);

    /// <summary>A user with an active wallet and so much USDC, who has taken in all that the ledger tells of it.</summary>
    public async Task<TestUser> NewUserAsync(string usdc = "0")
    {
        var user = NewUnopenedUser();
        (await user.OpenAsync()).IsSuccess.ShouldBeTrue();
        await user.UntilActiveAsync();
        Amount.TryParseStroops(usdc, out var stroops).ShouldBeTrue();
        if (stroops > 0)
        {
            Network.Issue(await user.AddressAsync(), stroops);
            await user.UntilBalanceAsync(stroops);
        }
        else if (_follows && !Network.IsFeedHeld)
        {
            // What the ledger tells of its opening comes later than that it is open, and would else be written in the midst of the test.
            await UntilAsync(
                () => Storage.Stored(GrainState.Wallet, user.Key).ContainsKey("drained"), "the wallet has heard of its opening");
        }

        return user;
    }

    public TestUser NewUnopenedUser()
    {
        var id = UserId.New(TimeProvider.System);
        return _users[id.Value] = new TestUser(this, id, Grains.GetGrain<IWalletGrain>(WalletId.Of(id).Value));
    }

    private void Configure(ISiloBuilder silo)
    {
        silo.UseInMemoryReminderService();
        silo.Services.AddLogging(logging => logging.AddProvider(Log));
        Storage.AddTo(silo);
        Configure(silo.Services);
    }

    private void Configure(IServiceCollection services)
    {
        services.AddKeyedSingleton<TimeProvider>(BusinessTime.Key, Business);
        services.AddSingleton<INetworkGateway>(Network);
        services.AddSingleton<IPathFinder>(Network.Ledger.Market);
        services.AddSingleton<INetworkFeed>(Network);
        services.AddSingleton<IKeyEncryptionKey>(KeyEncryptionKey);
        services.AddSingleton<IAuditLog>(Audit);
        services.AddSingleton<IAuditCheckpoints>(Audit);
        services.AddSingleton<INetworkHalts>(Halts);
        services.AddSingleton<IFaultPoints>(silo =>
            new SiloFaultPoints(Faults, silo.GetRequiredService<ILocalSiloDetails>().SiloAddress));
        services.AddStellarPayGrains();
        services.Configure<NetworkOptions>(options =>
        {
            options.Passphrase = FakeNetwork.Passphrase;
            options.Assets = [Network.Usdc];
            options.Friendbot = _friendbot;
            options.FundingSources = [Network.Friendbot];
            options.FirstLookMilliseconds = 50;
        });
        services.Configure<PlatformOptions>(options =>
            (options.SponsorAccounts, options.FeeAccounts, options.EmptyFeeAccountSeconds, options.GenerateKeys) = (2, 2, 1, true));
        services.AddSingleton<IRateSource>(Rates);
        services.AddSingleton<IFiatRates>(Rates);
        services.AddSingleton<IDenyList>(DenyList);
        services.AddSingleton<IRefundDeciders>(Deciders);
        services.Configure<LimitOptions>(options => (options.Tiers.Tier0, options.DailyWithoutFactor) =
            (new TierOptions { Payment = "1000", Daily = "2500", Monthly = "6000" }, "2500"));
        services.Configure<FollowerOptions>(options => options.BehindSeconds = 1);
        _with?.Invoke(services);
    }
}
