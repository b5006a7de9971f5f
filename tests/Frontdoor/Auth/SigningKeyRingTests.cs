using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class SigningKeyRingTests : IAsyncLifetime
{
    private readonly OwnKeyHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Front_doors_that_start_together_share_one_key_and_take_each_others_tokens()
    {
        await using var second = await _host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var published = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            (i % 2 == 0 ? _host.Anonymous() : new Api(http)).GetAsync("/.well-known/jwks.json")));
        published.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();

        var api = await _host.SignUpAsync();
        var there = new Api(http) { AccessToken = api.AccessToken };
        (await there.GetAsync("/v1/wallet")).ShouldBeOk();
    }

    [Fact]
    public async Task A_key_signs_for_thirty_days_and_the_next_is_published_a_day_before()
    {
        var first = (await KeysAsync()).ShouldHaveSingleItem();

        _host.Clock.Advance(TimeSpan.FromDays(29) + TimeSpan.FromHours(1));
        await using (var restarted = await _host.StartAnotherAsync())
        {
            using var http = new HttpClient { BaseAddress = new Uri(restarted.Urls.Single()) };
            var both = await KeysAsync(new Api(http));
            both.Count.ShouldBe(2);
            both[0].ShouldBe(first);
            KidOf(await SignUpAtAsync(http)).ShouldBe(first);

            _host.Clock.Advance(TimeSpan.FromDays(1));
            KidOf(await SignUpAtAsync(http)).ShouldBe(both[1]);
            (await KeysAsync(new Api(http))).ShouldContain(first, "tokens of the first key are still about");

            _host.Clock.Advance(TimeSpan.FromHours(2));
            (await KeysAsync(new Api(http))).ShouldBe([both[1]]);
        }
    }

    [Fact]
    public async Task A_token_of_the_key_before_is_accepted_until_it_ends()
    {
        await KeysAsync();
        _host.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(10));
        var api = await _host.SignUpAsync();
        var before = KidOf(api.AccessToken!);

        _host.Clock.Advance(TimeSpan.FromMinutes(20));

        KidOf((await _host.SignUpAsync()).AccessToken!).ShouldNotBe(before);
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();
        _host.Clock.Advance(TimeSpan.FromMinutes(41));
        (await api.GetAsync("/v1/wallet")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_year_later_there_is_a_new_key_and_the_table_holds_no_old_ones()
    {
        await KeysAsync();
        _host.Clock.Advance(TimeSpan.FromDays(365));

        await _host.SignUpAsync();

        (await KeysAsync()).ShouldHaveSingleItem();
        (await CountAsync("true")).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_someone_slips_into_the_table_is_not_taken()
    {
        await KeysAsync();
        await using var command = _host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.signing_keys
            SELECT 'key_slipped_in', private_key, created_at, signs_from, signs_until + interval '1 year', accepts_until + interval '1 year'
            FROM identity.signing_keys
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var restarted = await _host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(restarted.Urls.Single()) };
        (await KeysAsync(new Api(http))).ShouldNotContain("key_slipped_in");
        KidOf(await SignUpAtAsync(http)).ShouldNotBe("key_slipped_in");
    }

    [Fact]
    public async Task Private_keys_are_not_readable_in_the_table()
    {
        await KeysAsync();
        await using var command = _host.Database.DataSource.CreateCommand("SELECT private_key FROM identity.signing_keys");
        var stored = (byte[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        using var rsa = System.Security.Cryptography.RSA.Create();
        for (var skip = 0; skip < 16; skip++)
        {
            Should.Throw<System.Security.Cryptography.CryptographicException>(() => rsa.ImportPkcs8PrivateKey(stored.AsSpan(skip), out _));
        }

        new SigningKeyCipher(new byte[32]).Open("key", stored, default, default, default).ShouldBeNull();
    }

    [Fact]
    public async Task While_the_database_hangs_the_keys_that_were_read_before_serve_all_who_ask()
    {
        // The bug kept away: those who came waited for a connection one after the other, the tenth for minutes.
        var time = new TestClock();
        var ring = NewRing(time);
        var known = await ring.GetSigningKeyAsync(TestContext.Current.CancellationToken);
        await using var connection = await _host.Database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("LOCK TABLE identity.signing_keys", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMinutes(6));
        var all = Enumerable.Range(0, 20).Select(_ => ring.FindAsync(known.Id, TestContext.Current.CancellationToken)).ToArray();
        time.Advance(TimeSpan.FromMilliseconds(250));

        (await Task.WhenAll(all)).ShouldAllBe(key => key!.Id == known.Id);
        var waiting = await CountWaitingAsync();
        waiting.ShouldBeLessThanOrEqualTo(1, "one asks for all");
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_asked_again_only_after_a_while_and_the_keys_of_before_serve()
    {
        var time = new TestClock();
        var ring = NewRing(time);
        var known = await ring.GetSigningKeyAsync(TestContext.Current.CancellationToken);
        await RenameAsync("signing_keys", "away");

        time.Advance(TimeSpan.FromMinutes(6));
        (await ring.FindAsync(known.Id, TestContext.Current.CancellationToken))!.Id.ShouldBe(known.Id);
        await RenameAsync("away", "signing_keys");
        // Made up: it is looked for, but nobody asks so soon after a failure.
        await Should.ThrowAsync<NpgsqlException>(() => ring.FindAsync("key_unknown", TestContext.Current.CancellationToken));
        time.Advance(TimeSpan.FromSeconds(2));
        (await ring.FindAsync("key_unknown", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    private SigningKeyRing NewRing(TimeProvider time) => new(
        _host.Services.GetRequiredService<SigningKeyStore>(),
        _host.Services.GetRequiredService<IOptions<AuthOptions>>(),
        _host.Clock,
        time);

    private async Task RenameAsync(string from, string to)
    {
        await using var command = _host.Database.DataSource.CreateCommand($"ALTER TABLE identity.{from} RENAME TO {to}");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<long> CountWaitingAsync()
    {
        await using var command = _host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task<IReadOnlyList<string>> KeysAsync(Api? api = null) =>
        [.. (await (api ?? _host.Anonymous()).GetAsync("/.well-known/jwks.json")).ShouldBeOk().Body.GetProperty("keys")
            .EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    private async Task<string> SignUpAtAsync(HttpClient http)
    {
        var api = new Api(http, _host.Messages);
        await api.SignUpAsync(FrontdoorHost.NewEmail());
        return api.AccessToken!;
    }

    private async Task<long> CountAsync(string where)
    {
        await using var command = _host.Database.DataSource.CreateCommand($"SELECT count(*) FROM identity.signing_keys WHERE {where}");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static string KidOf(string token) => System.Text.Json.JsonDocument.Parse(
        System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;

    /// <summary>A front door that makes its keys, as those of an installation do.</summary>
    private sealed class OwnKeyHost : FrontdoorHost
    {
        protected override bool HasTestSigningKey => false;
    }
}
