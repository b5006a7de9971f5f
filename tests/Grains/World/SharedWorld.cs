using Microsoft.Extensions.DependencyInjection;
using StellarPay.Tests.Shared;

namespace StellarPay.Grains.Tests.World;

/// <summary>
/// A fixture: one cluster for all tests of a class, which run one after the other, each with users of its own. A world that
/// does not come to rest after a test is given up, so that nothing of it reaches the next one.
/// </summary>
public class SharedWorld : IAsyncLifetime
{
    private TestWorld? _world;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        await GiveUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The class's world, with nothing armed, as at its start but for what earlier tests' users have.</summary>
    internal async Task<TestWorld> ForTestAsync()
    {
        if (_world is not null && !await _world.TryBeginTestAsync())
        {
            await GiveUpAsync();
        }

        return _world ??= await StartOwnAsync();
    }

    /// <summary>A world of one test's own, where it counts what all do, or kills silos.</summary>
    internal Task<TestWorld> StartOwnAsync(short silos = 1, bool follow = true) =>
        TestWorld.StartAsync(silos, follow, storage: NewStorage(), with: Configure);

    /// <summary>Settings other than a test world's usual ones.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    private protected virtual WorldStorage NewStorage() => new MemoryStorage();

    private async Task GiveUpAsync()
    {
        if (_world is { } world)
        {
            _world = null;
            await world.DisposeAsync();
        }
    }
}

/// <summary>The same, on the product's own storage and a PostgreSQL database of the class's own.</summary>
public class SharedPostgresWorld : SharedWorld
{
    private readonly PostgresDatabase _database = new();

    public override ValueTask InitializeAsync() => _database.InitializeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }

    private protected override WorldStorage NewStorage() => new PostgresStorage(_database);
}
