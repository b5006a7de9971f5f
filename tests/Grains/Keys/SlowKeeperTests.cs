using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Keys;

/// <summary>In a turn nothing is awaited but storage: a slow keeper of keys holds no wallet (design §2).</summary>
public sealed class SlowKeeperTests
{
    // Whoever is held is held for good, or until a call is given up.
    private static readonly TimeSpan Soon = WorldCluster.ResponseTimeout - TimeSpan.FromSeconds(1);

    [Fact]
    public async Task While_the_keeper_of_keys_is_slow_a_wallet_whose_key_is_wrapped_anew_goes_on()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        world.KeyEncryptionKey.Rotate();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.KeyEncryptionKey.BeforeAnswer = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        Task rewrapping = user.Wallet.AsReference<IKeyHolder>().RewrapAsync();
        await asked.Task;

        try
        {
            // A deposit arrives, and the user looks.
            world.Network.Issue(await Within(user.AddressAsync()), 10_000_000);
            await Within(user.UntilBalanceAsync(110_000_000));
        }
        finally
        {
            answer.SetResult();
            await rewrapping;
        }
    }

    [Fact]
    public async Task While_the_keeper_of_keys_is_slow_a_wallet_that_asked_for_another_key_goes_on()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.KeyEncryptionKey.BeforeAnswer = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var rotating = user.Wallet.AsReference<IWalletKeysGrain>().RotateKeyAsync(user.Id, CancellationToken.None);
        await asked.Task;

        try
        {
            world.Network.Issue(await Within(user.AddressAsync()), 10_000_000);
            await Within(user.UntilBalanceAsync(110_000_000));
        }
        finally
        {
            answer.SetResult();
            await rotating;
        }
    }

    [Fact]
    public async Task Of_two_keys_that_were_made_at_once_the_one_that_came_too_late_is_kept_nowhere()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        // So that there is a fee account, with its key.
        await user.UntilAsync((await user.PayAsync(world.Network.NewOutsider(), "1")).Id, PaymentStatus.Succeeded);
        var (asked, both, answer) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        world.KeyEncryptionKey.BeforeAnswer = () =>
        {
            if (Interlocked.Increment(ref asked) == 2)
            {
                both.SetResult();
            }

            return answer.Task;
        };
        world.KeyEncryptionKey.Wrapped.Clear();
        var keys = user.Wallet.AsReference<IWalletKeysGrain>();
        Task[] rotating = [keys.RotateKeyAsync(user.Id, CancellationToken.None), keys.RotateKeyAsync(user.Id, CancellationToken.None)];
        await Within(both.Task);

        answer.SetResult();
        await Within(Task.WhenAll(rotating));

        var kept = world.KeyEncryptionKey.Wrapped.Select(wrapped => IsKeptAsync(world.Port<DataKeyCache>(), wrapped));
        (await Task.WhenAll(kept)).Count(isKept => !isKept).ShouldBe(1);
    }

    private static async Task<bool> IsKeptAsync(DataKeyCache cache, WrappedKey wrapped)
    {
        try
        {
            return await cache.UseAsync(
                wrapped, _ => throw new KeyNotFoundException(), _ => true, TestContext.Current.CancellationToken);
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }

    private static Task Within(Task task) => task.WaitAsync(Soon, TestContext.Current.CancellationToken);

    private static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Soon, TestContext.Current.CancellationToken);
}
