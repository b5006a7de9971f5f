using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Orleans.TestingHost;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Claims;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Network.Parking;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.World;

/// <summary>A cluster of the real grains in a world of the test's own: network, storage, keys, clock, faults.</summary>
internal sealed class TestWorld : IAsyncDisposable
{
    private const string Property = "world";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A silo's configurator is made by the cluster, so it finds its world by name.
    private static readonly ConcurrentDictionary<string, TestWorld> Worlds = [];

    private readonly string _name = Guid.NewGuid().ToString("N");

    private bool _friendbot;

    private TestWorld()
    {
    }

    public TestCluster Cluster { get; private set; } = null!;

    public FakeNetwork Network { get; } = new();

    public CapturingStorage Storage { get; } = new();

    public MemoryKeyEncryptionKey KeyEncryptionKey { get; } = new();

    public MemoryAuditLog Audit { get; } = new();

    public MemoryAddressBook AddressBook { get; } = new();

    public MemoryNetworkHalts Halts { get; } = new();

    public MemorySuspense Suspense { get; } = new();

    public MemoryParkedOperations Parked { get; } = new();

    public MemoryClaimableBalances Claimable { get; } = new();

    public ArmedFaultPoints Faults { get; } = new();

    public CapturingLoggerProvider Log { get; } = new();

    public MemoryRates Rates { get; } = new();

    public MemoryDenyList DenyList { get; } = new();

    public ManualTimeProvider Business { get; } = new();

    public IGrainFactory Grains => Cluster.GrainFactory;

    public static async Task<TestWorld> StartAsync(short silos = 1, bool follow = true, bool friendbot = true)
    {
        var world = new TestWorld { _friendbot = friendbot };
        Worlds[world._name] = world;
        var builder = new TestClusterBuilder(silos);
        builder.Properties[Property] = world._name;
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        world.Cluster = builder.Build();
        await world.Cluster.DeployAsync();
        if (follow)
        {
            await world.Grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).StartAsync();
        }

        return world;
    }

    public async ValueTask DisposeAsync()
    {
        Worlds.TryRemove(_name, out _);
        await Cluster.StopAllSilosAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Looks again and again until it is so, and fails with a sentence if that takes too long.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"In {Patience.TotalSeconds} seconds it never came to be that {what}.");
            }
        }
    }

    public static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    public JsonObject[] EventsOf(string type) => [.. Storage.Events.Where(e => (string)e["type"]! == type)];

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

    /// <summary>A user with an active wallet and so much USDC.</summary>
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

        return user;
    }

    public TestUser NewUnopenedUser()
    {
        var id = UserId.New(TimeProvider.System);
        return new TestUser(this, id, Grains.GetGrain<IWalletGrain>(WalletId.Of(id).Value));
    }

    private sealed class SiloConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            var world = Worlds[siloBuilder.Configuration[Property]!];
            siloBuilder.UseInMemoryReminderService();
            siloBuilder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(world.Log));
            siloBuilder.ConfigureServices(services =>
            {
                services.AddKeyedSingleton<TimeProvider>(BusinessTime.Key, world.Business);
                services.AddKeyedSingleton<IGrainStorage>(GrainState.Provider, world.Storage);
                services.AddSingleton<INetworkGateway>(world.Network);
                services.AddSingleton<IPathFinder>(world.Network.Ledger.Market);
                services.AddSingleton<INetworkFeed>(world.Network);
                services.AddSingleton<IKeyEncryptionKey>(world.KeyEncryptionKey);
                services.AddSingleton<IAuditLog>(world.Audit);
                services.AddSingleton<INetworkHalts>(world.Halts);
                services.AddSingleton<ISuspense>(world.Suspense);
                services.AddSingleton<IPlatformAccounts>(world.Storage);
                services.AddSingleton<IParkedOperations>(world.Parked);
                services.AddSingleton<IClaimableBalances>(world.Claimable);
                services.AddSingleton<IAddressBook>(world.AddressBook);
                services.AddSingleton<IFollowerWatermark>(new StoredWatermark(world.Storage));
                services.AddSingleton<IDueIndex>(world.Storage);
                services.AddSingleton<IKeyInventory>(world.Storage);
                services.AddSingleton<IIdempotencyIndex>(world.Storage);
                services.AddSingleton<IPaymentArchive>(world.Storage);
                services.AddSingleton<IFaultPoints>(silo =>
                    new SiloFaultPoints(world.Faults, silo.GetRequiredService<ILocalSiloDetails>().SiloAddress));
                services.AddStellarPayGrains();
                services.Configure<NetworkOptions>(options =>
                {
                    options.Passphrase = FakeNetwork.Passphrase;
                    options.Assets = [world.Network.Usdc];
                    options.Friendbot = world._friendbot;
                    options.FundingSources = [world.Network.Friendbot];
                    options.FirstLookMilliseconds = 50;
                });
                services.Configure<PlatformOptions>(options =>
                    (options.SponsorAccounts, options.FeeAccounts, options.GenerateKeys) = (2, 2, true));
                services.AddSingleton<IRateSource>(world.Rates);
                services.AddSingleton<IDenyList>(world.DenyList);
                services.Configure<LimitOptions>(options => options.Tiers.Tier0 =
                    new TierOptions { Payment = "1000", Daily = "2500", Monthly = "6000" });
                services.Configure<FollowerOptions>(options => (options.FirstPauseMilliseconds, options.BehindSeconds) = (10, 1));
            });
        }
    }
}

/// <summary>A user, and short ways to do what users do.</summary>
internal sealed record TestUser(TestWorld World, UserId Id, IWalletGrain Wallet)
{
    public string Key => WalletId.Of(Id).Value;

    public Task<Result<WalletView>> OpenAsync() => Wallet.OpenAsync(Id);

    public Task<Result<WalletView>> FundAsync() => Wallet.FundFromFriendbotAsync(Id);

    public async Task<string> AddressAsync() => (await Wallet.GetAddressAsync()).Value!;

    public async Task<WalletView> ViewAsync() => (await Wallet.GetAsync(Id)).Value!;

    public async Task<AssetBalance> UsdcAsync() =>
        (await ViewAsync()).Balances.Single(b => b.Asset.Canonical == World.Network.Usdc);

    public async Task<PaymentView> PaymentAsync(PaymentId payment) => (await Wallet.GetPaymentAsync(Id, payment)).Value!;

    public Task<Result<PaymentView>> QuoteAsync(
        string destination, string amount, string? key = null, string? memo = null, string asset = "USDC") =>
        Wallet.QuoteAsync(Id, new QuoteRequest(destination, destination, asset, amount, memo, key));

    public async Task<PaymentView> QuotedAsync(string destination, string amount)
    {
        var quote = await QuoteAsync(destination, amount);
        quote.Error.ShouldBeNull();
        return quote.Value!;
    }

    public Task<Result<PaymentView>> ConfirmAsync(PaymentId payment, string? key = null) =>
        Wallet.ConfirmAsync(Id, payment, key);

    public Task<Result<PaymentView>> CancelAsync(PaymentId payment) => Wallet.CancelAsync(Id, payment);

    /// <summary>Quotes and confirms.</summary>
    public async Task<PaymentView> PayAsync(string destination, string amount) =>
        await ConfirmedAsync((await QuotedAsync(destination, amount)).Id);

    public async Task<PaymentView> ConfirmedAsync(PaymentId payment)
    {
        var confirmed = await ConfirmAsync(payment);
        confirmed.Error.ShouldBeNull();
        return confirmed.Value!;
    }

    public Task UntilActiveAsync() => TestWorld.UntilAsync(
        async () => (await ViewAsync()).Status == WalletStatus.Active, "the wallet is active");

    public Task UntilBalanceAsync(long stroops) => TestWorld.UntilAsync(
        async () => (await UsdcAsync()).Balance == stroops, $"the balance is {stroops}");

    public async Task<PaymentView> UntilAsync(PaymentId payment, PaymentStatus status)
    {
        await TestWorld.UntilAsync(
            async () => (await PaymentAsync(payment)).Status == status, $"payment {payment} is {status}");
        return await PaymentAsync(payment);
    }
}
