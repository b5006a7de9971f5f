using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Passkeys;

/// <summary>What people do with passkeys.</summary>
internal static class PasskeyUsers
{
    /// <summary>Makes a passkey with the password, as the first factor.</summary>
    public static async Task<Answer> AddPasskeyAsync(this Api api, SoftwareAuthenticator authenticator, string? name = null) =>
        await api.StoreAsync(authenticator.Create(await api.AskForNewAsync()), name);

    public static async Task<JsonElement> AskForNewAsync(this Api api) =>
        (await api.PostAsync("/v1/me/passkeys/options", new { password = Api.Password })).ShouldBeOk().Body.GetProperty("public_key");

    public static Task<Answer> StoreAsync(this Api api, JsonObject credential, string? name = null) =>
        api.PostAsync("/v1/me/passkeys", new JsonObject { ["credential"] = credential.DeepClone(), ["name"] = name });

    public static async Task<JsonElement> AskForLoginAsync(this Api api) =>
        (await api.PostAsync("/v1/auth/passkey/options")).ShouldBeOk().Body.GetProperty("public_key");

    public static Task<Answer> EnterAsync(this Api api, JsonObject credential) =>
        api.PostAsync("/v1/auth/passkey", new JsonObject { ["credential"] = credential.DeepClone() });

    public static async Task<Answer> LogInByPasskeyAsync(this Api api, SoftwareAuthenticator authenticator) =>
        await api.EnterAsync(authenticator.Get(await api.AskForLoginAsync()));

    public static async Task<JsonElement> AskForStepUpAsync(this Api api) =>
        (await api.PostAsync("/v1/auth/step-up/passkey/options")).ShouldBeOk().Body.GetProperty("public_key");

    public static Task<Answer> StepUpAsync(this Api api, JsonObject credential) =>
        api.PostAsync("/v1/auth/step-up/passkey", new JsonObject { ["credential"] = credential.DeepClone() });
}
