using OtpNet;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Factors;

/// <summary>Somebody's authenticator app, on the test's clock, and the recovery codes that he wrote down.</summary>
internal sealed class Authenticator(string secret, TimeProvider clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly OtpNet.Totp _totp = new(Base32Encoding.ToBytes(secret));

    public string[] RecoveryCodes { get; private set; } = [];

    /// <summary>Sets one up for a client who has just logged in. The code of this moment is used up by it.</summary>
    public static async Task<Authenticator> SetUpAsync(FrontdoorHost host, Api api)
    {
        var authenticator = await BeginAsync(host, api);
        var confirmed = (await api.PostAsync("/v1/me/totp/confirm", new { code = authenticator.Code() })).ShouldBeOk();
        authenticator.RecoveryCodes = CodesOf(confirmed);
        return authenticator;
    }

    /// <summary>Asks for a secret, and leaves it at that.</summary>
    public static async Task<Authenticator> BeginAsync(FrontdoorHost host, Api api)
    {
        var begun = (await api.PostAsync("/v1/me/totp", new { password = Api.Password })).ShouldBeOk();
        return new Authenticator(begun.Body.GetProperty("secret").GetString()!, host.Clock);
    }

    public static string[] CodesOf(Answer answer) =>
        [.. answer.Body.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)];

    /// <summary>The code of now, or of some steps later or earlier.</summary>
    public string Code(int later = 0) => _totp.ComputeTotp((clock.GetUtcNow() + (later * Step)).UtcDateTime);

    /// <summary>Six digits that are no code of about now.</summary>
    public string WrongCode()
    {
        var near = Enumerable.Range(-3, 7).Select(Code).ToHashSet();
        return Enumerable.Range(0, 10).Select(i => $"00000{i}").First(code => !near.Contains(code));
    }
}
