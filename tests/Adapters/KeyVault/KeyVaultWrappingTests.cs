using System.Buffers.Text;
using System.Security.Cryptography;
using StellarPay.Adapters.KeyVault;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Tests.KeyVault;

public sealed class KeyVaultWrappingTests
{
    private static readonly byte[] DataKey = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_data_key_comes_back_from_its_wrapping_under_the_full_id_of_the_newest_version()
    {
        await using var vault = await VaultFixture.StartAsync();

        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);

        wrapped.KeyId.ShouldBe($"{VaultServer.KeyUrl}/11111111111111111111111111111111");
        wrapped.KeyId.ShouldBe(vault.Keeper.CurrentKeyId);
        wrapped.Bytes.Length.ShouldBe(256);
        vault.Server.Versions[0].Rsa.Decrypt(wrapped.Bytes, RSAEncryptionPadding.OaepSHA256).ShouldBe(DataKey);
        (await vault.Keeper.UnwrapAsync(wrapped, Stop)).ShouldBe(DataKey);
    }

    [Fact]
    public async Task The_request_is_the_documented_one()
    {
        await using var vault = await VaultFixture.StartAsync();

        await vault.Keeper.WrapAsync(DataKey, Stop);

        vault.Server.Requests.ShouldBe([new VaultRequest(
            "POST", "/keys/kek/11111111111111111111111111111111/wrapkey", "?api-version=7.4", "Bearer fake-token-1",
            $$"""{"alg":"RSA-OAEP-256","value":"{{Base64Url.EncodeToString(DataKey)}}"}""")]);
    }

    [Fact]
    public async Task What_an_older_version_wrapped_still_unwraps_after_a_rotation()
    {
        await using var vault = await VaultFixture.StartAsync();
        var old = await vault.Keeper.WrapAsync(DataKey, Stop);
        var version = vault.Server.Rotate().Version;
        await vault.Keeper.RefreshAsync(Stop);

        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);

        wrapped.KeyId.ShouldBe($"{VaultServer.KeyUrl}/{version}");
        vault.Keeper.CurrentKeyId.ShouldBe(wrapped.KeyId);
        (await vault.Keeper.UnwrapAsync(wrapped, Stop)).ShouldBe(DataKey);
        (await vault.Keeper.UnwrapAsync(old, Stop)).ShouldBe(DataKey);
    }

    [Fact]
    public async Task A_version_that_was_disabled_behind_our_back_is_replaced_by_the_newest_at_once()
    {
        await using var vault = await VaultFixture.StartAsync();
        var version = vault.Server.Rotate().Version;
        vault.Server.Versions[0].Enabled = false;

        (await vault.Keeper.WrapAsync(DataKey, Stop)).KeyId.ShouldBe($"{VaultServer.KeyUrl}/{version}");
    }

    [Fact]
    public async Task A_setting_with_a_version_keeps_to_it()
    {
        await using var vault = await VaultFixture.StartAsync(VaultServer.KeyUrl + "/11111111111111111111111111111111");
        vault.Server.Rotate();
        await vault.Keeper.RefreshAsync(Stop);

        vault.Keeper.Follows.ShouldBeFalse();
        (await vault.Keeper.WrapAsync(DataKey, Stop)).KeyId.ShouldBe($"{VaultServer.KeyUrl}/11111111111111111111111111111111");
    }

    [Fact]
    public async Task A_changed_byte_is_noticed_by_the_vault()
    {
        await using var vault = await VaultFixture.StartAsync();
        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);
        wrapped.Bytes[17] ^= 1;

        var failure = await Should.ThrowAsync<CryptographicException>(() => vault.Keeper.UnwrapAsync(wrapped, Stop));

        failure.Message.ShouldBe(
            "Key Vault answered 400 (BadParameter) to POST wallets.vault.test/keys/kek/11111111111111111111111111111111/unwrapkey.");
    }

    [Theory]
    [InlineData(VaultServer.KeyUrl + "/33333333333333333333333333333333")]
    [InlineData(VaultServer.KeyUrl)]
    [InlineData("https://other.vault.test/keys/kek/11111111111111111111111111111111")]
    [InlineData("http://wallets.vault.test/keys/kek/11111111111111111111111111111111")]
    [InlineData("local-0123456789ab")]
    public async Task An_unknown_key_is_the_row_s_fault_and_a_foreign_vault_hears_nothing(string keyId)
    {
        await using var vault = await VaultFixture.StartAsync();
        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);
        vault.Server.Requests.Clear();

        await Should.ThrowAsync<CryptographicException>(() => vault.Keeper.UnwrapAsync(wrapped with { KeyId = keyId }, Stop));

        vault.Server.Requests.Count.ShouldBe(keyId.EndsWith("3333", StringComparison.Ordinal) ? 1 : 0);
    }

    [Fact]
    public async Task A_disabled_version_unwraps_again_once_it_is_enabled()
    {
        await using var vault = await VaultFixture.StartAsync();
        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);
        vault.Server.Versions[0].Enabled = false;

        var failure = await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.UnwrapAsync(wrapped, Stop));

        failure.Message.ShouldStartWith("Key Vault answered 403 (KeyDisabled) to ");
        vault.Server.Versions[0].Enabled = true;
        (await vault.Keeper.UnwrapAsync(wrapped, Stop)).ShouldBe(DataKey);
    }

    [Fact]
    public async Task Before_the_key_was_looked_up_nothing_is_wrapped()
    {
        await using var vault = await VaultFixture.StartAsync(lookUp: false);

        await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.WrapAsync(DataKey, Stop));
        Should.Throw<KeyEncryptionUnavailableException>(() => vault.Keeper.CurrentKeyId);
    }

    [Theory]
    [InlineData("https://v.vault.azure.net/keys/a", true)]
    [InlineData("https://v.vault.azure.net/keys/a-1/0123456789abcdef0123456789abcdef", true)]
    [InlineData("https://v.vault.azure.net/keys/a/", true)]
    [InlineData("http://v.vault.azure.net/keys/a", false)]
    [InlineData("https://v.vault.azure.net/secrets/a", false)]
    [InlineData("https://v.vault.azure.net/keys/a/b/c", false)]
    [InlineData("https://v.vault.azure.net/keys/a_b", false)]
    [InlineData("https://v.vault.azure.net/keys/a?x=1", false)]
    [InlineData("https://user@v.vault.azure.net/keys/a", false)]
    [InlineData("https://v.vault.azure.net", false)]
    [InlineData("keys/a", false)]
    [InlineData("", false)]
    public void A_key_s_URL_is_read_strictly(string text, bool isOne)
    {
        KeyVaultKeyId.TryParse(text, out var id).ShouldBe(isOne);
        id?.ToString().ShouldBe(text.TrimEnd('/'));
    }
}
