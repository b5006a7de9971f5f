using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Auth;

[Collection<FactorsCollection>]
public sealed class VerifiedTokensTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_token_that_comes_again_is_the_same_caller_and_its_signature_is_not_checked_twice()
    {
        var handler = host.Services.GetRequiredService<AccessTokenHandler>();
        var api = await host.SignUpAsync();

        var first = await handler.ValidateTokenAsync(api.AccessToken!, new TokenValidationParameters());
        var again = await handler.ValidateTokenAsync(api.AccessToken!, new TokenValidationParameters());

        first.SecurityToken.ShouldBeOfType<AccessToken>().User.Value.ShouldBe(api.UserId);
        again.SecurityToken.ShouldBeSameAs(first.SecurityToken);
    }

    [Fact]
    public async Task A_token_that_was_read_before_ends_in_time_all_the_same()
    {
        var api = await host.SignUpAsync();
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();

        host.Clock.Advance(TimeSpan.FromHours(1) + AccessTokenHandler.ClockSkew);

        var answer = await api.GetAsync("/v1/wallet");
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Body.GetProperty("error").GetProperty("code").GetString().ShouldBe("token_expired");
    }

    [Fact]
    public async Task Neither_another_signature_nor_another_letter_passes_for_a_token_that_was_read_before()
    {
        var api = await host.SignUpAsync();
        var good = api.AccessToken!;
        (await api.GetAsync("/v1/wallet")).ShouldBeOk();

        var changed = good[^2] == 'A' ? 'B' : 'A';
        api.AccessToken = $"{good[..^2]}{changed}{good[^1]}";

        (await api.GetAsync("/v1/wallet")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void Tokens_in_use_stay_and_the_others_go()
    {
        var tokens = new VerifiedTokens();
        var kept = DigestOf("kept");
        tokens.Add(kept, Some());
        for (var i = 0; i < 5 * VerifiedTokens.Capacity; i++)
        {
            tokens.Add(DigestOf(i.ToString(CultureInfo.InvariantCulture)), Some());
            if (i % 1000 == 0)
            {
                tokens.Find(kept).ShouldNotBeNull();
            }
        }

        tokens.Find(kept).ShouldNotBeNull();
        tokens.Find(DigestOf("0")).ShouldBeNull();
        tokens.Count.ShouldBeLessThanOrEqualTo((2 * VerifiedTokens.Capacity) + 2);
    }

    private static VerifiedTokens.Digest DigestOf(string text) => VerifiedTokens.Digest.Of(text)!.Value;

    private static AccessToken Some() => new(
        "key", UserId.New(TimeProvider.System), new AccessTokenClaims("iss", "aud", "sub", "ses", "id", 0, 0, 0), "user");
}
