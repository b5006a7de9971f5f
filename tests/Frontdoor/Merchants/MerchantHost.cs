using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>
/// A front door with endpoints such as features open to merchants, and with a proxy before it that says where a caller is.
/// </summary>
public class MerchantHost : FrontdoorHost
{
    internal const string Ours = "https://app.example.com";

    protected override Dictionary<string, string?> Settings => new()
    {
        ["StellarPay:Frontdoor:AllowedOrigins:0"] = Ours,
        ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.1",
        ["StellarPay:Webhooks:AllowLoopback"] = "true",
    };

    protected override void MapMore(WebApplication app)
    {
        var test = app.MapGroup("/v1/test").RequireRateLimiting(RateLimitNames.Merchant).ExcludeFromDescription();
        test.MapPost("/sessions", Who).RequireMerchant(MerchantPermissions.PaymentSessionsWrite);
        test.MapGet("/sessions", Who).RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        test.MapPost("/refunds", Who).RequireMerchant(MerchantPermissions.RefundsWrite, whileSuspended: true);
        test.MapPost("/payouts", Who).RequireMerchant(MerchantPermissions.PayoutsWrite);
        test.MapPost("/echo", (JsonElement body, MerchantCaller caller) => Results.Ok(body)).RequireMerchant(MerchantPermissions.RefundsWrite);
        test.MapPut("/refunds", Who).RequireMerchant(MerchantPermissions.RefundsWrite);
        test.MapPost("/endpoints", Who).RequireMerchant(MerchantPermissions.WebhookEndpointsWrite);
    }

    /// <summary>A client with a key, or with a user's token for a merchant.</summary>
    internal Api With(string token, string? address = null)
    {
        var api = address is null ? Anonymous() : AnonymousAt(address);
        api.AccessToken = token;
        return api;
    }

    private static IResult Who(MerchantCaller caller) =>
        Results.Ok(new { merchant = caller.Merchant.Value, actor = caller.Actor, live = caller.IsLive });
}

/// <summary>The same where payments are real, though the network is a sandbox.</summary>
public sealed class LiveHost : MerchantHost
{
    protected override Dictionary<string, string?> Settings => new(base.Settings)
    {
        ["StellarPay:Mode"] = "live", ["StellarPay:Webhooks:AllowLoopback"] = "false",
    };
}

/// <summary>A business and its first owner.</summary>
internal sealed class Shop
{
    private Shop(MerchantHost host, Api owner, string id) => (Host, Owner, Id) = (host, owner, id);

    public MerchantHost Host { get; }

    public Api Owner { get; }

    public string Id { get; }

    public string Path => $"/v1/merchants/{Id}";

    public static object Form(string email) => new
    {
        business_name = "Ada's Books", email, country = "GB", statement_descriptor = "ADAS BOOKS", website = "https://books.example.com",
        business_type = "company", registration_number = "01234567", brand_color = "#0a7cff",
    };

    public static async Task<Shop> OpenAsync(MerchantHost host)
    {
        var owner = await host.SignUpAsync();
        var made = (await owner.PostAsync("/v1/merchants", Form(owner.Email))).ShouldBeOk();
        return new Shop(host, owner, made.Body.GetProperty("id").GetString()!);
    }

    /// <summary>A new key, as it is shown.</summary>
    public async Task<(string Key, string Id)> KeyAsync(object request)
    {
        var made = (await Owner.PostAsync($"{Path}/api_keys", request)).ShouldBeOk();
        return (made.Body.GetProperty("key").GetString()!, made.Body.GetProperty("id").GetString()!);
    }

    /// <summary>A new key, and a client that signs by it.</summary>
    public async Task<(Api Api, string Id, string Key)> SigningAsync(object? request = null)
    {
        var made = (await Owner.PostAsync(
            $"{Path}/api_keys", request ?? new { kind = "secret", name = "Server", password = Api.Password })).ShouldBeOk();
        return Signing(made);
    }

    /// <summary>A client that signs by a key as it was just shown.</summary>
    public (Api Api, string Id, string Key) Signing(Answer shown)
    {
        var key = shown.ShouldBeOk().Body.GetProperty("key").GetString()!;
        var api = Host.With(key);
        api.Signer = new RequestSigner(shown.Body.GetProperty("signing_secret").GetString()!, Host.Clock);
        return (api, shown.Body.GetProperty("id").GetString()!, key);
    }

    /// <summary>Says whether what moves money must be signed; its owner has a second factor by then.</summary>
    public Task<Answer> RequireSignaturesAsync(bool required) => Owner.PatchAsync(Path, new { require_signed_requests = required });

    public Task<(string Key, string Id)> SecretAsync() => KeyAsync(new { kind = "secret", name = "Server", password = Api.Password });

    public Task<(string Key, string Id)> PublishableAsync(params string[] origins) =>
        KeyAsync(new { kind = "publishable", name = "Page", allowed_origins = origins, password = Api.Password });

    public Task<Answer> RevokeAsync(string id) => Owner.PostAsync($"{Path}/api_keys/{id}/revoke");

    /// <summary>Somebody else of the business.</summary>
    public async Task<Api> PersonAsync(string role)
    {
        var person = await Host.SignUpAsync();
        (await Owner.PostAsync($"{Path}/people", new { email = person.Email, role, password = Api.Password })).ShouldBeOk();
        var code = await Host.Messages.NextCodeAsync(person.Email);
        (await person.PostAsync("/v1/merchants/join", new { code })).ShouldBeOk();
        return person;
    }

    /// <summary>A request of somebody of it who is logged in.</summary>
    public Task<Answer> AskAsync(Api person, HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("StellarPay-Merchant", Id);
        return person.SendAsync(request);
    }
}

/// <summary>Businesses, who may do what for them, and their keys. The clock goes on, by what each test advances it.</summary>
[CollectionDefinition]
public sealed class ShopsCollection : ICollectionFixture<MerchantHost>;
