using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Tests.KeyVault;

public sealed class KeyVaultFailureTests
{
    private const int Tries = 5;
    private static readonly byte[] DataKey = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429, "Throttled")]
    [InlineData(500, "InternalServerError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task What_fails_in_passing_is_tried_again_unchanged(int status, string code)
    {
        await using var vault = await VaultFixture.StartAsync();
        vault.Server.Next.Enqueue(context => VaultServer.FailAsync(context, status, code));
        vault.Server.Next.Enqueue(context => VaultServer.FailAsync(context, status, code));

        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);

        (await vault.Keeper.UnwrapAsync(wrapped, Stop)).ShouldBe(DataKey);
        vault.Server.Requests.Take(3).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(429, "Throttled")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task What_goes_on_failing_is_given_up_as_passing(int status, string code)
    {
        await using var vault = await VaultFixture.StartAsync();
        for (var i = 0; i < Tries; i++)
        {
            vault.Server.Next.Enqueue(context => VaultServer.FailAsync(context, status, code));
        }

        (await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.WrapAsync(DataKey, Stop)))
            .Message.ShouldStartWith($"Key Vault answered {status} ({code}) to POST ");
        vault.Server.Requests.Count.ShouldBe(Tries);
    }

    [Fact]
    public async Task Throttling_is_waited_out_for_as_long_as_the_vault_asks()
    {
        await using var vault = await VaultFixture.StartAsync();
        vault.Server.Next.Enqueue(context =>
        {
            context.Response.Headers.RetryAfter = "1";
            return VaultServer.FailAsync(context, 429, "Throttled");
        });
        var watch = Stopwatch.StartNew();

        await vault.Keeper.WrapAsync(DataKey, Stop);

        watch.Elapsed.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(990));
        vault.Server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_a_grain_may_take_ends_at_the_deadline()
    {
        await using var vault = await VaultFixture.StartAsync();
        var throttled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        vault.Server.Next.Enqueue(async context =>
        {
            context.Response.Headers.RetryAfter = "600";
            await VaultServer.FailAsync(context, 429, "Throttled");
            throttled.SetResult();
        });

        var wrapping = vault.Keeper.WrapAsync(DataKey, Stop);
        await throttled.Task;
        wrapping.IsCompleted.ShouldBeFalse();
        vault.Time.Advance(TimeSpan.FromSeconds(20));

        (await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => wrapping)).Message.ShouldBe(
            "Key Vault did not answer in time to POST wallets.vault.test/keys/kek/11111111111111111111111111111111/wrapkey.");
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_nothing_of_the_vault()
    {
        await using var vault = await VaultFixture.StartAsync();
        using var stop = new CancellationTokenSource();
        vault.Server.Next.Enqueue(async context =>
        {
            await stop.CancelAsync();
            await VaultServer.FailAsync(context, 503, "ServiceUnavailable");
        });

        await Should.ThrowAsync<OperationCanceledException>(() => vault.Keeper.WrapAsync(DataKey, stop.Token));
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_tried_again()
    {
        await using var vault = await VaultFixture.StartAsync();
        vault.Server.Next.Enqueue(Reset);

        (await vault.Keeper.WrapAsync(DataKey, Stop)).Bytes.Length.ShouldBe(256);
        vault.Server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Connections_that_are_always_reset_are_given_up_as_passing()
    {
        await using var vault = await VaultFixture.StartAsync();
        for (var i = 0; i < Tries; i++)
        {
            vault.Server.Next.Enqueue(Reset);
        }

        (await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.WrapAsync(DataKey, Stop)))
            .Message.ShouldStartWith("Key Vault gave no answer to POST wallets.vault.test/keys/kek/");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kid":"https://wallets.vault.test/keys/kek/11111111111111111111111111111111"}""")]
    [InlineData("""{"kid":"https://wallets.vault.test/keys/kek/11111111111111111111111111111111","value":""}""")]
    [InlineData("""{"kid":"https://wallets.vault.test/keys/kek/11111111111111111111111111111111","value":"c2VjcmV0!"}""")]
    [InlineData("""{"kid":"https://wallets.vault.test/keys/kek/11111111111111111111111111111111","value":"c2Vj""")]
    [InlineData("""{"kid":7,"value":"c2VjcmV0"}""")]
    [InlineData("""{"kid":"https://wallets.vault.test/keys/kek/22222222222222222222222222222222","value":"c2VjcmV0"}""")]
    [InlineData("""{"kid":"https://other.vault.test/keys/kek/11111111111111111111111111111111","value":"c2VjcmV0"}""")]
    public async Task An_answer_that_is_none_is_passing_and_its_words_are_repeated_nowhere(string body)
    {
        await using var vault = await VaultFixture.StartAsync();
        var wrapped = await vault.Keeper.WrapAsync(DataKey, Stop);
        vault.Server.Next.Enqueue(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        });

        var failure = await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.UnwrapAsync(wrapped, Stop));

        failure.ToString().ShouldNotContain("c2Vj");
    }

    [Fact]
    public async Task An_error_s_words_are_not_repeated()
    {
        await using var vault = await VaultFixture.StartAsync();
        vault.Server.Next.Enqueue(context => VaultServer.FailAsync(context, 403, "Forbidden", "AccessDenied"));
        vault.Server.Next.Enqueue(context => VaultServer.FailAsync(context, 403, "Forbidden", "AccessDenied"));

        var failure = await Should.ThrowAsync<KeyEncryptionUnavailableException>(() => vault.Keeper.WrapAsync(DataKey, Stop));

        failure.ToString().ShouldNotContain("Secret-looking");
        failure.Message.ShouldContain("403 (AccessDenied)");
    }

    private static Task Reset(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
