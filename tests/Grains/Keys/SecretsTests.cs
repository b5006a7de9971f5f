using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Grains.Tests.Keys;

public sealed class SecretsTests
{
    [Fact]
    public async Task No_seed_and_no_data_key_is_in_any_state_event_log_line_or_audit_entry()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        await world.Grains.GetGrain<ISuspenseGrain>(ISuspenseGrain.Key).EnsureAsync(TestContext.Current.CancellationToken);
        var payment = await payer.PayAsync(await payee.AddressAsync(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        // Until both wallets are at rest: the write that fails must be the quote's.
        await payer.UntilBalanceAsync(60_000_000);
        await payee.UntilBalanceAsync(40_000_000);
        world.Storage.FailNextWriteOf(payer, Failing.BeforeTheWrite);
        await Should.ThrowAsync<Exception>(payer.QuoteAsync(world.Network.NewOutsider(), "1"));
        var seeds = SeedsOf(world);
        var next = await RotateInTwoPartsAsync(world, payer, seeds);
        world.KeyEncryptionKey.Rotate();
        await payer.Wallet.RewrapAsync();

        Place[] places =
        [
            .. world.Log.Lines.Select((line, i) => Place.OfText($"log line {i}", line)),
            Place.OfText("states and events", world.Storage.AllText),
            Place.OfText("audit", JsonSerializer.Serialize(world.Audit.Entries.ToArray())),
        ];

        world.Storage.AllText.ShouldContain(payment.TransactionHash!);
        next.ShouldBe(1, "the next key was seen while it was the next");
        new[] { GrainState.Wallet, GrainState.Sponsor, GrainState.FeeAccount, GrainState.Suspense }
            .Except(seeds.Values.Select(seed => seed.State)).ShouldBeEmpty();
        SecretScan.Find(seeds.Values.SelectMany(seed => seed.Open.Secrets), places).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_seed_or_data_key_in_a_log_line_would_be_found()
    {
        await using var world = await TestWorld.StartAsync();
        await world.NewUserAsync();
        var (_, seed) = SeedsOf(world).Values.First(stored => stored.State == GrainState.Wallet);

        foreach (var secret in seed.Secrets)
        {
            foreach (var form in secret.Forms)
            {
                SecretScan.Find([secret], [new Place("log", [1, .. form.Value, 2])]).ShouldNotBeEmpty(form.Key);
            }
        }
    }

    [Fact]
    public async Task A_wallets_encrypted_seed_in_another_wallets_row_does_not_sign()
    {
        await using var world = await TestWorld.StartAsync();
        var one = await world.NewUserAsync();
        var two = await world.NewUserAsync();
        var stolen = world.Storage.Stored(GrainState.Wallet, one.Key)["key"].Deserialize<EncryptedSeed>(JsonSerializerOptions.Web)!;
        using var cache = new DataKeyCache(Options.Create(new KeyOptions()), TimeProvider.System);
        var cipher = new SeedCipher(world.KeyEncryptionKey, world.Audit, cache);

        await Should.ThrowAsync<System.Security.Cryptography.AuthenticationTagMismatchException>(
            () => cipher.SignAsync(two.Key, stolen, new byte[32], "theft", TestContext.Current.CancellationToken));
        (await cipher.SignAsync(one.Key, stolen, new byte[32], "proof", TestContext.Current.CancellationToken)).Length.ShouldBe(64);
    }

    // Stops between the new key and its use, where two keys are stored; gives how many next keys it saw.
    private static async Task<int> RotateInTwoPartsAsync(
        TestWorld world, TestUser user, Dictionary<string, (string State, OpenSeed Open)> seeds)
    {
        var seen = 0;
        world.Faults.Arm(FaultPoint.KeyStored, _ =>
        {
            seen += world.Storage.Stored(GrainState.Wallet, user.Key)["nextKey"] is JsonObject ? 1 : 0;
            Learn(world, seeds);
            throw new IOException("crash");
        });
        var keys = world.Grains.GetGrain<IWalletKeysGrain>(user.Key);
        try
        {
            await keys.RotateKeyAsync(user.Id);
        }
        catch (IOException)
        {
            seen.ShouldBe(1);
        }

        await world.UntilAfterSweepsAsync(
            async () => (await keys.GetKeyAsync(user.Id)).Value is { Version: 2, Pending: false }, "the new key signs");
        Learn(world, seeds);
        return seen;
    }

    private static Dictionary<string, (string State, OpenSeed Open)> SeedsOf(TestWorld world)
    {
        var seeds = new Dictionary<string, (string, OpenSeed)>();
        Learn(world, seeds);
        return seeds;
    }

    // Looks behind the curtain, as only the holder of the key-encryption key could.
    private static void Learn(TestWorld world, Dictionary<string, (string State, OpenSeed Open)> seeds)
    {
        foreach (var (state, key) in world.Storage.Places)
        {
            foreach (var seed in StoredSeeds.In(
                world.Storage.Find(state, key), key, (id, wrapped) => world.KeyEncryptionKey.Unwrap(new WrappedKey(id, wrapped))))
            {
                seeds[seed.PublicKey] = (state, seed);
            }
        }
    }
}
