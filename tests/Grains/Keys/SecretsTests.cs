using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;

namespace StellarPay.Grains.Tests.Keys;

public sealed class SecretsTests
{
    [Fact]
    public async Task No_seed_and_no_data_key_is_in_any_state_event_log_line_or_audit_entry()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        var payment = await payer.PayAsync(await payee.AddressAsync(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        // Until both wallets are at rest: the write that fails must be the quote's.
        await payer.UntilBalanceAsync(60_000_000);
        await payee.UntilBalanceAsync(40_000_000);
        world.Storage.FailNextWrite(GrainState.Wallet, Failing.BeforeTheWrite);
        await Should.ThrowAsync<Exception>(payer.QuoteAsync(world.Network.NewOutsider(), "1"));

        var text = string.Join('\n', world.Log.Lines)
            + world.Storage.AllText
            + JsonSerializer.Serialize(world.Audit.Entries.ToArray());
        text.ShouldContain(payment.TransactionHash!);
        foreach (var (state, key) in new[] { (GrainState.Wallet, payer.Key), (GrainState.Wallet, payee.Key) })
        {
            foreach (var secret in SecretsOf(world, state, key))
            {
                text.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse("a secret was found");
            }
        }
    }

    [Fact]
    public async Task A_wallets_encrypted_seed_in_another_wallets_row_does_not_sign()
    {
        await using var world = await TestWorld.StartAsync();
        var one = await world.NewUserAsync();
        var two = await world.NewUserAsync();
        var stolen = Seed(world, GrainState.Wallet, one.Key);
        using var cache = new DataKeyCache(Options.Create(new KeyOptions()), TimeProvider.System);
        var cipher = new SeedCipher(world.KeyEncryptionKey, world.Audit, cache);

        await Should.ThrowAsync<System.Security.Cryptography.AuthenticationTagMismatchException>(
            () => cipher.SignAsync(two.Key, stolen, new byte[32], "theft", TestContext.Current.CancellationToken));
        (await cipher.SignAsync(one.Key, stolen, new byte[32], "proof", TestContext.Current.CancellationToken)).Length.ShouldBe(64);
    }

    // Looks behind the curtain, as only the holder of the key-encryption key could.
    private static IEnumerable<string> SecretsOf(TestWorld world, string state, string key)
    {
        var seed = Seed(world, state, key);
        var dataKey = world.KeyEncryptionKey.Unwrap(new WrappedKey(seed.KeyId, seed.WrappedKey));
        var clear = new byte[32];
        using var aes = new System.Security.Cryptography.AesGcm(dataKey, 16);
        aes.Decrypt(
            seed.Nonce, seed.Ciphertext.AsSpan(0, 32), seed.Ciphertext.AsSpan(32), clear, AssociatedData(key, seed.PublicKey));
        return new[] { clear, dataKey }
            .SelectMany(secret => new[] { Convert.ToHexString(secret), Convert.ToBase64String(secret).TrimEnd('=') })
            .Append(StrKey.Encode(StrKeyKind.SecretSeed, clear));
    }

    private static EncryptedSeed Seed(TestWorld world, string state, string key) =>
        world.Storage.Stored(state, key)["key"].Deserialize<EncryptedSeed>(JsonSerializerOptions.Web)!;

    // The format of the associated data, spelled out: version, then each part with its length, all big-endian.
    private static byte[] AssociatedData(string owner, string publicKey) =>
    [
        0, 0, 0, 1,
        0, 0, 0, (byte)owner.Length, .. System.Text.Encoding.ASCII.GetBytes(owner),
        0, 0, 0, (byte)publicKey.Length, .. System.Text.Encoding.ASCII.GetBytes(publicKey),
    ];
}
