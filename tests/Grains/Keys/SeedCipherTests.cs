using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Tests.Keys;

public sealed class SeedCipherTests : IDisposable
{
    private static readonly byte[] Hash = SHA256.HashData("a transaction"u8);
    private readonly MemoryKeyEncryptionKey _kek = new();
    private readonly MemoryAuditLog _audit = new();
    private readonly DataKeyCache _keepsNothing = new(Options.Create(new KeyOptions { DataKeyCacheSeconds = 0 }), TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SeedCipher Cipher => new(_kek, _audit, _keepsNothing);

    public void Dispose() => _keepsNothing.Dispose();

    [Fact]
    public async Task What_is_made_signs_for_its_own_address()
    {
        var seed = await Cipher.CreateAsync("wal_one", Stop);

        var signature = await Cipher.SignAsync("wal_one", seed, Hash, "payment.sign txn_1", Stop);

        SigningKey.Verify(AccountId.Parse(seed.PublicKey), Hash, signature).ShouldBeTrue();
    }

    [Fact]
    public async Task A_seed_made_for_one_wallet_does_not_decrypt_for_another()
    {
        var seed = await Cipher.CreateAsync("wal_one", Stop);

        await Should.ThrowAsync<AuthenticationTagMismatchException>(
            () => Cipher.SignAsync("wal_two", seed, Hash, "payment.sign txn_1", Stop));
    }

    [Fact]
    public async Task A_seed_is_bound_to_its_public_key_its_version_and_every_one_of_its_bits()
    {
        var seed = await Cipher.CreateAsync("wal_one", Stop);
        var flipped = (byte[])seed.Ciphertext.Clone();
        flipped[3] ^= 1;

        EncryptedSeed[] forgeries =
        [
            seed with { PublicKey = FakeNetwork.NewAddress() },
            seed with { Version = 2 },
            seed with { Ciphertext = flipped },
            seed with { Nonce = RandomNumberGenerator.GetBytes(12) },
            seed with { WrappedKey = (await Cipher.CreateAsync("wal_one", Stop)).WrappedKey },
        ];

        foreach (var forgery in forgeries)
        {
            await Should.ThrowAsync<CryptographicException>(
                () => Cipher.SignAsync("wal_one", forgery, Hash, "payment.sign txn_1", Stop));
        }
    }

    [Fact]
    public async Task Every_data_key_is_wiped_after_use_whether_signing_succeeds_or_not()
    {
        var seed = await Cipher.CreateAsync("wal_one", Stop);
        await Cipher.SignAsync("wal_one", seed, Hash, "payment.sign txn_1", Stop);
        await Should.ThrowAsync<CryptographicException>(
            () => Cipher.SignAsync("wal_two", seed, Hash, "payment.sign txn_1", Stop));

        _kek.HandedOut.Count.ShouldBe(2);
        _kek.HandedOut.ShouldAllBe(key => key.All(b => b == 0));
    }

    [Fact]
    public async Task Every_unwrap_is_in_the_audit_log_with_what_it_was_for()
    {
        var seed = await Cipher.CreateAsync("wal_one", Stop);
        await Cipher.SignAsync("wal_one", seed, Hash, "payment.sign txn_1", Stop);
        await Cipher.SignAsync("wal_one", seed, Hash, "payment.sign txn_2", Stop);

        var entries = _audit.Entries.ToArray();
        entries.Length.ShouldBe(2);
        (entries[0].Actor, entries[0].Action, entries[0].Subject).ShouldBe(("wal_one", "key.unwrap", "wal_one"));
        entries[1].Detail!.Value.GetRawText().ShouldBe(
            $$"""{"key_id":"kek-1","public_key":"{{seed.PublicKey}}","purpose":"payment.sign txn_2","transaction_hash":"{{Convert.ToHexStringLower(Hash)}}"}""");
    }

    [Fact]
    public async Task A_key_that_the_cache_has_is_not_unwrapped_and_makes_no_audit_entry()
    {
        using var cache = new DataKeyCache(Options.Create(new KeyOptions()), TimeProvider.System);
        var cipher = new SeedCipher(_kek, _audit, cache);
        var made = await cipher.CreateAsync("wal_one", Stop);
        await cipher.SignAsync("wal_one", made, Hash, "wallet.open wal_one", Stop);
        var found = await Cipher.CreateAsync("wal_two", Stop);
        await cipher.SignAsync("wal_two", found, Hash, "payment.sign txn_1", Stop);
        await cipher.SignAsync("wal_two", found, Hash, "payment.sign txn_2", Stop);

        _audit.Entries.Select(e => e.Subject).ShouldBe(["wal_two"]);
        _kek.HandedOut.Count.ShouldBe(1);
        await Should.ThrowAsync<AuthenticationTagMismatchException>(
            () => cipher.SignAsync("wal_one", found, Hash, "theft", Stop));
    }

    [Fact]
    public async Task Two_seeds_share_neither_data_key_nor_nonce()
    {
        var one = await Cipher.CreateAsync("wal_one", Stop);
        var two = await Cipher.CreateAsync("wal_one", Stop);

        one.PublicKey.ShouldNotBe(two.PublicKey);
        one.Nonce.ShouldNotBe(two.Nonce);
        _kek.Unwrap(new WrappedKey(one.KeyId, one.WrappedKey))
            .ShouldNotBe(_kek.Unwrap(new WrappedKey(two.KeyId, two.WrappedKey)));
    }

    [Fact]
    public async Task An_encrypted_seed_prints_nothing_but_its_address_and_version()
    {
        var seed = await Cipher.CreateAsync("wal_one", Stop);

        seed.ToString().ShouldBe($"EncryptedSeed {{ PublicKey = {seed.PublicKey}, Version = 1 }}");
    }
}
