using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

/// <summary>A code works once, wherever it is shown (RFC 6238, section 5.2): dotnet/aspnetcore#14423, teamhanko/hanko#2723.</summary>
[Collection<FactorsCollection>]
public sealed class TotpReuseTests(FrontdoorHost host)
{
    [Fact]
    public async Task The_code_of_the_enrolment_and_each_code_of_a_login_are_used_up_by_it_whatever_they_are_shown_for()
    {
        var api = await host.SignUpAsync();
        var authenticator = await Authenticator.BeginAsync(host, api);
        var c = authenticator.Code();
        var recovery = Authenticator.CodesOf((await api.PostAsync("/v1/me/totp/confirm", new { code = c })).ShouldBeOk());

        ShouldBeUsed(await LogInAsync(api, c));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        var d = authenticator.Code();
        (await LogInAsync(api, d)).ShouldBeOk();
        ShouldBeUsed(await LogInAsync(api, d));
        // Ten wrong ones in a row would lock, which is another test's.
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = recovery[0] })).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        var e = authenticator.Code();
        var atOnce = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => LogInAsync(api, e)));
        atOnce.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        atOnce.Where(answer => answer.Status != HttpStatusCode.OK).ToList().ForEach(ShouldBeUsed);
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = recovery[1] })).ShouldBeOk();
        // What moves money asks for it at this endpoint.
        ShouldBeUsed(await api.PostAsync("/v1/auth/step-up", new { code = e }));
        ShouldBeUsed(await LogInAsync(api, d));
    }

    private static void ShouldBeUsed(Answer answer) =>
        answer.ShouldBeError(HttpStatusCode.UnprocessableEntity, "second_factor_invalid", "code");

    private async Task<Answer> LogInAsync(Api api, string code)
    {
        var waiting = await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });
        waiting.Status.ShouldBe(HttpStatusCode.Accepted, waiting.Text);
        return await host.Anonymous().PostAsync(
            "/v1/auth/challenge", new { challenge = waiting.Body.GetProperty("challenge").GetString(), code });
    }
}
