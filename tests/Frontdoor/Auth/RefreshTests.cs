using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class RefreshTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
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
    }

    [Fact]
    public async Task Of_many_exchanges_at_once_one_succeeds_and_the_family_ends()
    {
        // The bug kept away: two exchanges that both read "unused" both get a token.
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var api = await host.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            (i % 2 == 0 ? host.Anonymous() : new Api(http)).PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })));

        var won = answers.Where(answer => answer.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        foreach (var lost in answers.Where(answer => answer != won))
        {
            lost.ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_reused", "refresh_token");
        }

        (await RefreshAsync(won.Body.GetProperty("refresh_token").GetString()!))
            .ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_revoked", "refresh_token");
    }

    [Fact]
    public async Task A_refresh_token_ends_after_seven_days_and_each_exchange_gives_seven_more()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        var api = await own.SignUpAsync();
        own.Clock.Advance(TimeSpan.FromDays(6));
        api.Take((await own.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());
        own.Clock.Advance(TimeSpan.FromDays(6));
        api.Take((await own.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());

        own.Clock.Advance(TimeSpan.FromDays(7));
        (await own.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken }))
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

        (await RefreshAsync(api.RefreshToken)).ShouldBeError(HttpStatusCode.Unauthorized, "refresh_token_invalid", "refresh_token");
    }

    private Task<Answer> RefreshAsync(string token) =>
        host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = token });
}
