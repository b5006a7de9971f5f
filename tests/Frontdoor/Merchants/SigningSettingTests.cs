using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>A business has what moves money signed: who says so, and what it is.</summary>
[Collection<ShopsCollection>]
public sealed class SigningSettingTests(MerchantHost host)
{
    private const string Setting = "require_signed_requests";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_it_is_demanded_what_moves_money_is_signed_at_once_at_every_front_door_and_nothing_else_is()
    {
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var (shop, _) = await OwnedAsync();
        var (signed, _, key) = await shop.SigningAsync(new { kind = "secret", name = "Server" });
        var doors = new[] { host.With(key), new Api(http) { AccessToken = key } };
        foreach (var door in doors)
        {
            (await door.PostAsync("/v1/test/refunds")).ShouldBeOk();
        }

        (await shop.RequireSignaturesAsync(true)).ShouldBeOk().Body.GetProperty(Setting).GetBoolean().ShouldBeTrue();

        foreach (var door in doors)
        {
            (await door.PostAsync("/v1/test/refunds")).ShouldBeError(HttpStatusCode.Unauthorized, "request_signature_missing", RequestSigner.Header);
            (await door.PostAsync("/v1/test/payouts")).ShouldBeError(HttpStatusCode.Unauthorized, "request_signature_missing", RequestSigner.Header);
            (await door.PostAsync("/v1/test/sessions")).ShouldBeOk();
            (await door.GetAsync("/v1/merchant")).ShouldBeOk();
            (door.Signer, var signer) = (signed.Signer, door.Signer);
            (await door.PostAsync("/v1/test/refunds")).ShouldBeOk();
            (await door.PostAsync("/v1/test/payouts")).ShouldBeOk();
            door.Signer = signer;
        }

        // People prove themselves by other means; and another business demands nothing.
        (await shop.AskAsync(shop.Owner, HttpMethod.Post, "/v1/test/refunds")).ShouldBeOk();
        var other = await Shop.OpenAsync(host);
        (await host.With((await other.SecretAsync()).Key).PostAsync("/v1/test/refunds")).ShouldBeOk();

        (await shop.RequireSignaturesAsync(false)).ShouldBeOk().Body.GetProperty(Setting).GetBoolean().ShouldBeFalse();
        foreach (var door in doors)
        {
            (await door.PostAsync("/v1/test/refunds")).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Who_says_what_is_so_already_says_nothing()
    {
        var shop = await Shop.OpenAsync(host);
        // She has no second factor, without which she could not change it.
        (await shop.RequireSignaturesAsync(true)).ShouldBeError(HttpStatusCode.Forbidden, "second_factor_required", Setting);

        (await shop.RequireSignaturesAsync(false)).ShouldBeOk().Body.GetProperty(Setting).GetBoolean().ShouldBeFalse();

        (await host.AuditOf(shop.Id)).ShouldNotContain(line => line.Contains(Setting, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_call_that_moves_money_is_refused_unsigned()
    {
        var (shop, _) = await OwnedAsync();
        var (signed, _, key) = await shop.SigningAsync(new { kind = "secret", name = "Server" });
        (await shop.RequireSignaturesAsync(true)).ShouldBeOk();
        var server = host.With(key);

        foreach (var (method, path) in MovesMoney().Select(endpoint => endpoint.Split(' ')).Select(parts => (parts[0], parts[1])))
        {
            var target = path.Replace("{id}", "1", StringComparison.Ordinal);
            (await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), target)))
                .ShouldBeError(HttpStatusCode.Unauthorized, "request_signature_missing", RequestSigner.Header);
            // Signed, it is looked at.
            var answer = await signed.SendAsync(new HttpRequestMessage(new HttpMethod(method), target));
            answer.Status.ShouldNotBe(HttpStatusCode.Unauthorized, answer.Text);
        }
    }

    [Fact]
    public void What_moves_money_is_named_where_rights_are() => NamedAsMoney().ShouldBe(MovesMoney(), ignoreOrder: true);

    [Fact]
    public async Task An_owner_says_so_who_has_just_shown_a_second_factor_and_all_owners_are_told()
    {
        var shop = await Shop.OpenAsync(host);
        var developer = await shop.PersonAsync("developer");
        var partner = await shop.PersonAsync("owner");
        (await developer.PatchAsync(shop.Path, new { require_signed_requests = true })).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await shop.RequireSignaturesAsync(true)).ShouldBeError(HttpStatusCode.Forbidden, "second_factor_required", Setting);
        var authenticator = await Authenticator.SetUpAsync(host, shop.Owner);
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await shop.RequireSignaturesAsync(true)).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        // What it is called anybody may say who may say that at all.
        (await shop.Owner.PatchAsync(shop.Path, new { brand_color = "#0a7c00" })).ShouldBeOk().Body.GetProperty(Setting).GetBoolean().ShouldBeFalse();
        (await AuditAsync(shop)).ShouldBeEmpty();
        (await EventsAsync(shop)).ShouldBeEmpty();

        (await shop.Owner.PostAsync("/v1/auth/step-up", new { code = authenticator.Code() })).ShouldBeOk();
        foreach (var required in new[] { true, true, false })
        {
            (await shop.RequireSignaturesAsync(required)).ShouldBeOk().Body.GetProperty(Setting).GetBoolean().ShouldBe(required);
        }

        (await shop.Owner.GetAsync(shop.Path)).ShouldBeOk().Body.GetProperty(Setting).GetBoolean().ShouldBeFalse();
        // Two changed something, and what says only what is so is nobody's deed.
        (await AuditAsync(shop)).ShouldBe([.. new[] { "true", "false" }.Select(required =>
            $"{shop.Owner.UserId} merchant.require_signed_requests {{\"required\": {required}}}")]);
        (await EventsAsync(shop)).ShouldBe([
            $"merchant.signing_changed true {shop.Owner.UserId}",
            .. Told("required"),
            $"merchant.signing_changed false {shop.Owner.UserId}",
            .. Told("optional"),
        ]);

        IEnumerable<string> Told(string what) => new[] { shop.Owner.UserId, partner.UserId }.Order(StringComparer.Ordinal)
            .Select(owner => $"security.merchant_signing_{what} {owner}");
    }

    [Theory]
    [InlineData("null", "require_signed_requests_invalid")]
    [InlineData("\"yes\"", "parameter_invalid")]
    [InlineData("1", "parameter_invalid")]
    public async Task It_is_said_by_true_or_false(string value, string code)
    {
        var (shop, _) = await OwnedAsync();

        var answer = await shop.Owner.SendAsync(new HttpRequestMessage(HttpMethod.Patch, shop.Path)
        {
            Content = new StringContent($"{{\"require_signed_requests\":{value}}}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.ShouldHaveErrorShape().GetProperty("code").GetString().ShouldBe(code);
        (await AuditAsync(shop)).ShouldBeEmpty();
    }

    private async Task<(Shop Shop, Authenticator Authenticator)> OwnedAsync()
    {
        var shop = await Shop.OpenAsync(host);
        return (shop, await Authenticator.SetUpAsync(host, shop.Owner));
    }

    private string[] MovesMoney() =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<MerchantOnly>() is { MovesMoney: true })
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
            .Where(endpoint => !endpoint.Contains("/v1/test/", StringComparison.Ordinal)),
    ];

    // The lines of docs/rights.md below the heading.
    private static string[] NamedAsMoney([CallerFilePath] string here = "") =>
    [
        .. File.ReadLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/rights.md")))
            .SkipWhile(line => line != "## Calls that move money").Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("- `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]),
    ];

    private async Task<string[]> AuditAsync(Shop shop) =>
        [.. (await host.AuditOf(shop.Id)).Where(line => line.Contains(" merchant.", StringComparison.Ordinal))];

    private async Task<string[]> EventsAsync(Shop shop)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT array_agg(concat_ws(' ', type, data ->> 'required', coalesce(data ->> 'by', owner))
                ORDER BY xid, type, coalesce(data ->> 'by', owner))
            FROM events
            WHERE data ->> 'merchantId' = $1 AND (type = 'merchant.signing_changed' OR type LIKE 'security.merchant_signing%')
            """);
        command.Parameters.AddWithValue(shop.Id);
        return await command.ExecuteScalarAsync(Cancelled) as string[] ?? [];
    }
}
