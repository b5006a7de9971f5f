using Azure.Identity;
using StellarPay.Adapters.KeyVault;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Tests.KeyVault;

public sealed class KeyVaultAuthenticationTests
{
    private static readonly byte[] DataKey = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_request_has_neither_token_nor_body_and_the_challenge_says_which_token_to_bring()
    {
        await using var vault = await VaultFixture.StartAsync(lookUp: false);
        var wrapped = new WrappedKey(
            VaultServer.KeyUrl + "/11111111111111111111111111111111",
            vault.Server.Versions[0].Rsa.Encrypt(DataKey, System.Security.Cryptography.RSAEncryptionPadding.OaepSHA256));

        (await vault.Keeper.UnwrapAsync(wrapped, Stop)).ShouldBe(DataKey);

        var requests = vault.Server.Requests.ToArray();
        requests.Length.ShouldBe(2);
        (requests[0].Authorization, requests[0].Body).ShouldBe(("", ""));
        requests[1].Authorization.ShouldBe("Bearer fake-token-1");
        requests[1].Body.ShouldNotBeEmpty();
        var asked = vault.Credential.Asked.ShouldHaveSingleItem();
        asked.Scopes.ShouldBe(["https://vault.test/.default"]);
        asked.TenantId.ShouldBe("7e57ab1e-0000-0000-0000-000000000000");
    }

    [Fact]
    public async Task A_request_whose_first_try_failed_while_another_learnt_the_challenge_is_sent_with_its_body()
    {
        await using var vault = await VaultFixture.StartAsync(lookUp: false);
        var wrapped = new WrappedKey(
            VaultServer.KeyUrl + "/11111111111111111111111111111111",
            vault.Server.Versions[0].Rsa.Encrypt(DataKey, System.Security.Cryptography.RSAEncryptionPadding.OaepSHA256));
        vault.Server.NextWithoutToken.Enqueue(async context =>
        {
            await vault.Keeper.RefreshAsync(Stop);
            await VaultServer.FailAsync(context, 503, "ServiceUnavailable");
        });

        (await vault.Keeper.UnwrapAsync(wrapped, Stop)).ShouldBe(DataKey);
    }

    [Fact]
    public async Task A_challenge_is_learnt_once_and_the_token_kept()
    {
        await using var vault = await VaultFixture.StartAsync();

        await vault.Keeper.WrapAsync(DataKey, Stop);
        await vault.Keeper.WrapAsync(DataKey, Stop);

        vault.Server.Requests.Count.ShouldBe(2);
        vault.Credential.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Claims_that_are_asked_for_later_are_passed_on()
    {
        await using var vault = await VaultFixture.StartAsync();
        var claims = Convert.ToBase64String("{\"access_token\":{}}"u8);
        vault.Server.Next.Enqueue(context =>
        {
            context.Response.Headers.WWWAuthenticate =
                $"{vault.Server.Challenge}, error=\"insufficient_claims\", claims=\"{claims}\"";
            return VaultServer.FailAsync(context, 401, "Unauthorized");
        });

        await vault.Keeper.WrapAsync(DataKey, Stop);

        vault.Credential.Asked.Last().Claims.ShouldBe("{\"access_token\":{}}");
        vault.Server.Requests.Last().Body.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("https://graph.microsoft.com")]
    [InlineData("https://ault.test")]
    [InlineData("https://other.wallets.vault.test")]
    public async Task Whoever_asks_for_a_token_that_is_not_the_vault_s_gets_none(string resource)
    {
        await using var vault = await VaultFixture.StartAsync(lookUp: false);
        vault.Server.Challenge = $"Bearer authorization=\"https://login.microsoftonline.com/t\", resource=\"{resource}\"";

        var failure = await Should.ThrowAsync<KeyVaultException>(() => vault.Keeper.RefreshAsync(Stop));

        failure.Message.ShouldBe($"The vault wallets.vault.test asks for a token of {resource}/.default, which is not its own.");
        vault.Credential.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic realm=\"x\"")]
    [InlineData("Bearer realm=\"x\"")]
    [InlineData("Bearer resource=\"http://vault.test\"")]
    public async Task A_challenge_that_is_none_of_ours_is_left_unanswered(string challenge)
    {
        await using var vault = await VaultFixture.StartAsync(lookUp: false);
        vault.Server.Challenge = challenge;

        (await Should.ThrowAsync<KeyVaultException>(() => vault.Keeper.RefreshAsync(Stop))).Status.ShouldBe(401);
        vault.Credential.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_the_vault_takes_no_more_is_a_passing_failure()
    {
        await using var vault = await VaultFixture.StartAsync();
        vault.Server.Token = "another";

        (await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.WrapAsync(DataKey, Stop)))
            .Message.ShouldStartWith("Key Vault answered 401 (Unauthorized) to ");
    }

    [Fact]
    public async Task An_identity_that_is_not_to_be_had_is_a_passing_failure()
    {
        await using var vault = await VaultFixture.StartAsync(lookUp: false);
        vault.Credential.Fails = new CredentialUnavailableException("no managed identity");

        (await Should.ThrowAsync<KeyVaultException>(() => vault.Keeper.RefreshAsync(Stop)))
            .Message.ShouldBe("There is no Azure identity that Key Vault takes: no managed identity");
    }
}
