using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

[Collection<SessionsCollection>]
public sealed class RefreshTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_refresh_token_is_exchanged_once_for_new_tokens()
    {
        var api = await host.SignUpAsync();
        var before = (api.AccessToken, api.RefreshToken);

        api.Take((await RefreshAsync(api.RefreshToken)).ShouldBeOk());

        api.AccessToken.ShouldNotBe(before.AccessToken);
        api.RefreshToken.ShouldNotBe(before.RefreshToken);
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_used_twice_ends_its_whole_family_and_no_other()
    {
        var api = await host.SignUpAsync();
        var elsewhere = (await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk();
        var stolen = api.RefreshToken;
        api.Take((await RefreshAsync(stolen)).ShouldBeOk());
        api.Take((await RefreshAsync(api.RefreshToken)).ShouldBeOk());

        (await RefreshAsync(stolen)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");

        (await RefreshAsync(api.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
        (await RefreshAsync(elsewhere.Body.GetProperty("refresh_token").GetString()!)).ShouldBeOk();
        (await api.PostAsync("/v1/payments", new { recipient = "a@example.com", asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_session_keeps_two_tokens_however_often_it_is_refreshed_and_an_older_one_still_ends_it()
    {
        // The bug kept away: each exchange left a row for seven days, and walked over all of them.
        var api = await host.SignUpAsync();
        var stolen = api.RefreshToken;
        for (var i = 0; i < 5; i++)
        {
            api.Take((await RefreshAsync(api.RefreshToken)).ShouldBeOk());
        }

        (await CountAsync(api, "true")).ShouldBe(2);
        (await RefreshAsync(stolen)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");
        (await RefreshAsync(api.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
    }

    [Fact]
    public async Task Of_twenty_exchanges_at_once_by_one_client_all_get_the_same_one_successor()
    {
        // The bugs kept away: two exchanges that both read "unused" both get a token; and a client that asks twice logs itself out.
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var api = await host.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? host.Anonymous() : new Api(http)).PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })));

        var tokens = answers.Select(answer => answer.ShouldBeOk().Body)
            .Select(body => (body.GetProperty("access_token").GetString(), body.GetProperty("refresh_token").GetString()))
            .Distinct().ShouldHaveSingleItem();
        (await CountAsync(api, "used_at IS NULL")).ShouldBe(1);
        (await CountAsync(api, "true")).ShouldBe(2);
        api.Take(answers[0]);
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();
        (await RefreshAsync(tokens.Item2!)).ShouldBeOk();
    }

    [Fact]
    public async Task Of_exchanges_at_once_by_two_clients_one_wins_and_the_family_ends()
    {
        var api = await host.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => RefreshAsync(api.RefreshToken, $"client {i % 2}")));

        answers.Where(answer => answer.Status == HttpStatusCode.OK)
            .Select(answer => answer.Body.GetProperty("refresh_token").GetString()).Distinct().ShouldHaveSingleItem();
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldNotBeEmpty();
        foreach (var lost in answers.Where(answer => answer.Status != HttpStatusCode.OK))
        {
            lost.ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");
        }

        var won = answers.First(answer => answer.Status == HttpStatusCode.OK).Body.GetProperty("refresh_token").GetString()!;
        (await RefreshAsync(won, "client 0")).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_for_thirty_seconds_and_not_longer()
    {
        var api = await host.SignUpAsync();
        Task<Answer> AgainAsync() => host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken });
        var lost = (await AgainAsync()).ShouldBeOk().Body;
        host.Clock.Advance(TimeSpan.FromSeconds(29));

        var again = (await AgainAsync()).ShouldBeOk().Body;

        foreach (var name in new[] { "access_token", "refresh_token", "refresh_expires_at" })
        {
            again.GetProperty(name).GetString().ShouldBe(lost.GetProperty(name).GetString(), name);
        }

        lost.GetProperty("expires_in").GetInt32().ShouldBe(3600);
        again.GetProperty("expires_in").GetInt32().ShouldBe(3571);

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await AgainAsync()).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");
        (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = again.GetProperty("refresh_token").GetString() }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
    }

    [Theory]
    [InlineData("Thief/1.0")]
    [InlineData("phone/1.0")]
    [InlineData(null)]
    public async Task Another_client_that_comes_with_a_token_that_was_just_used_ends_the_family(string? userAgent)
    {
        var api = await host.SignUpAsync();
        var next = (await RefreshAsync(api.RefreshToken, "Phone/1.0")).ShouldBeOk().Body.GetProperty("refresh_token").GetString()!;

        var answer = await RefreshAsync(api.RefreshToken, userAgent);

        answer.ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");
        (await RefreshAsync(next, "Phone/1.0")).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
    }

    [Fact]
    public async Task A_logout_ends_the_asking_again_too()
    {
        var api = await host.SignUpAsync();
        var next = (await RefreshAsync(api.RefreshToken)).ShouldBeOk().Body.GetProperty("refresh_token").GetString();
        (await host.Anonymous().PostAsync("/v1/auth/logout", new { refresh_token = next })).ShouldBeOk();

        (await RefreshAsync(api.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");
    }

    [Fact]
    public async Task The_table_gives_no_token_and_keeps_what_the_repeat_needs_until_the_next_exchange_only()
    {
        var api = await host.SignUpAsync();
        var next = (await RefreshAsync(api.RefreshToken)).ShouldBeOk().Body.GetProperty("refresh_token").GetString()!;
        (await CountAsync(api, "octet_length(salt) = 32 AND octet_length(used_by) = 32")).ShouldBe(1);
        RefreshToken.TryParse(api.RefreshToken, out var first).ShouldBeTrue();
        RefreshToken.TryParse(next, out var second).ShouldBeTrue();
        second.Text.ShouldBe(next);
        await using (var command = host.Database.DataSource.CreateCommand(
            "SELECT salt, used_by FROM identity.refresh_tokens WHERE token_hash = $1"))
        {
            command.Parameters.AddWithValue(first.Hash);
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await reader.ReadAsync(TestContext.Current.CancellationToken);
            first.Next(reader.GetFieldValue<byte[]>(0)).Text.ShouldBe(next);

            // Not of the hash, which whoever reads the table has; and who it was cannot be guessed without the token.
            var known = reader.GetFieldValue<byte[]>(0);
            var nextSecret = System.Buffers.Text.Base64Url.DecodeFromChars(next.AsSpan(3));
            HKDF.DeriveKey(HashAlgorithmName.SHA256, first.Hash, 32, known, "stellarpay next refresh token"u8.ToArray())
                .ShouldNotBe(nextSecret);
            reader.GetFieldValue<byte[]>(1).ShouldNotBe(SHA256.HashData("8323072\n"u8));
        }

        (await RefreshAsync(next)).ShouldBeOk();

        (await CountAsync(api, "salt IS NOT NULL OR used_by IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_token_ends_after_seven_days_and_each_exchange_gives_seven_more()
    {
        var api = await host.SignUpAsync();
        host.Clock.Advance(TimeSpan.FromDays(6));
        api.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());
        host.Clock.Advance(TimeSpan.FromDays(6));
        api.Take((await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());

        host.Clock.Advance(TimeSpan.FromDays(7));
        (await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_expired", "refresh_token");
    }

    [Fact]
    public async Task Logout_with_either_token_ends_the_session()
    {
        var byRefreshToken = await host.SignUpAsync();
        var anonymous = host.Anonymous();
        (await anonymous.PostAsync("/v1/auth/logout", new { refresh_token = byRefreshToken.RefreshToken })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await RefreshAsync(byRefreshToken.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");

        var byAccessToken = await host.SignUpAsync();
        (await byAccessToken.PostAsync("/v1/auth/logout")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await RefreshAsync(byAccessToken.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
    }

    [Fact]
    public async Task Logout_without_any_token_is_refused() =>
        (await host.Anonymous().PostAsync("/v1/auth/logout")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");

    [Theory]
    [InlineData("rt_")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' OR 1=1--")]
    public async Task What_is_no_token_of_ours_is_refused(string token) =>
        (await RefreshAsync(token)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_invalid", "refresh_token");

    [Fact]
    public async Task Only_the_hash_of_a_refresh_token_is_stored()
    {
        var api = await host.SignUpAsync();
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM identity.refresh_tokens WHERE token_hash = $1");
        var random = System.Buffers.Text.Base64Url.DecodeFromChars(api.RefreshToken.AsSpan(3));
        command.Parameters.AddWithValue(SHA256.HashData(random));

        random.Length.ShouldBe(32);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(1L);
    }

    [Fact]
    public async Task The_fifty_first_session_ends_the_first()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < 50; i++)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(1));
            (await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk();
        }

        // Ended, and not just forgotten: its access token is over too.
        (await api.PostAsync("/v1/payments", new { recipient = "a@example.com", asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
        (await RefreshAsync(api.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
        api.Take((await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk());
        (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(50);
    }

    private Task<Answer> RefreshAsync(string token, string? userAgent = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/refresh") { Content = JsonContent.Create(new { refresh_token = token }) };
        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        return host.Anonymous().SendAsync(request);
    }

    private async Task<long> CountAsync(Api api, string where)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            $"""
            SELECT count(*) FROM identity.refresh_tokens t JOIN identity.sessions s ON s.id = t.session_id
            WHERE s.user_id = $1 AND ({where})
            """);
        command.Parameters.AddWithValue(api.UserId);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
