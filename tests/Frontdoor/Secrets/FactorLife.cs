using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>Somebody who does everything that there is to do with a second factor.</summary>
internal sealed class FactorLife(SecretsHost host)
{
    /// <summary>His authenticator's secret and his recovery codes, used and unused; each belongs into the answer that gave it.</summary>
    public List<Secret> Secrets { get; } = [];

    /// <summary>Sets up, logs in, steps up, gets codes wrong, has new ones given, and begins another one that he never confirms.</summary>
    public async Task LiveAsync(Api api, Func<Api> newClient, RecordedAnswers answers)
    {
        (await api.PostAsync("/v1/me/totp")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var first = await BeginAsync(api, answers);
        (await api.PostAsync("/v1/me/totp/confirm", new { code = first.WrongCode() })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var codes = Learn(await api.PostAsync("/v1/me/totp/confirm", new { code = first.Code() }), answers);

        await LogInAsync(api, newClient(), new { recovery_code = codes[0] });
        await LogInAsync(api, newClient(), new { recovery_code = codes[0] }, HttpStatusCode.UnprocessableEntity);
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await LogInAsync(api, newClient(), new { code = first.Code() });
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = codes[1] })).ShouldBeOk();
        (await api.PostAsync("/v1/auth/step-up", new { code = codes[2] })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await api.PostTextAsync("/v1/auth/step-up", $"{{\"recovery_code\":[\"{codes[3]}\"]}}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var others = Learn(await api.PostAsync("/v1/me/recovery-codes"), answers);
        (await api.PostAsync("/v1/auth/step-up", new { recovery_code = others[0] })).ShouldBeOk();
        (await api.GetAsync("/v1/me/second-factors")).ShouldBeOk();
        (await api.DeleteAsync("/v1/me/totp")).ShouldBeOk();
        var second = await BeginAsync(api, answers);
        Learn(await api.PostAsync("/v1/me/totp/confirm", new { code = second.Code() }), answers);
    }

    private async Task<Authenticator> BeginAsync(Api api, RecordedAnswers answers)
    {
        var begun = (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk();
        var (text, given) = (begun.Body.GetProperty("secret").GetString()!, answers.Last);
        Secrets.Add(Secret.OfText($"the authenticator's secret of {given}", text, place => place == given));
        Secrets.Add(Secret.OfBytes(
            $"the bytes of the authenticator's secret of {given}", OtpNet.Base32Encoding.ToBytes(text), place => place == given));
        return new Authenticator(text, host.Clock);
    }

    private string[] Learn(Answer confirmed, RecordedAnswers answers)
    {
        var (codes, given) = (Authenticator.CodesOf(confirmed.ShouldBeOk()), answers.Last);
        foreach (var code in codes)
        {
            Secrets.Add(Secret.OfText($"a recovery code of {given}", code, place => place == given));
            Secrets.Add(Secret.OfText($"a recovery code of {given} as it is compared", code.Replace("-", "", StringComparison.Ordinal)));
        }

        return codes;
    }

    private static async Task LogInAsync(Api api, Api client, object shown, HttpStatusCode status = HttpStatusCode.OK)
    {
        var waiting = await client.PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password });
        var body = System.Text.Json.JsonSerializer.SerializeToNode(shown)!;
        body["challenge"] = waiting.Body.GetProperty("challenge").GetString();
        (await client.PostAsync("/v1/auth/challenge", body)).Status.ShouldBe(status);
    }
}
