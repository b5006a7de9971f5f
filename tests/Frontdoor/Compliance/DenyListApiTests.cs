using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Compliance;

[Collection<MoneyCollection>]
public sealed class DenyListApiTests(FrontdoorHost host)
{
    private const string Address = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    [Fact]
    public async Task Entries_are_added_once_listed_in_pages_and_removed()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        var admin = await own.NewAdminAsync();
        foreach (var domain in new[] { "b.example", "a.example", "C.Example" })
        {
            (await AddAsync(admin, "domain", domain)).Status.ShouldBe(HttpStatusCode.Created);
        }

        (await AddAsync(admin, "domain", "A.EXAMPLE")).Status.ShouldBe(HttpStatusCode.OK);
        var first = (await admin.GetAsync("/v1/admin/deny-list?limit=2")).ShouldBeOk().Body;
        Ids(first).ShouldBe(["domain:a.example", "domain:b.example"]);
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var rest = (await admin.GetAsync("/v1/admin/deny-list?limit=2&starting_after=domain:b.example")).ShouldBeOk().Body;
        Ids(rest).ShouldBe(["domain:c.example"]);
        rest.GetProperty("has_more").GetBoolean().ShouldBeFalse();

        (await DeleteAsync(admin, "domain:a.example")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await DeleteAsync(admin, "domain:a.example")).ShouldBeError(HttpStatusCode.NotFound, "deny_entry_not_found");
        Ids((await admin.GetAsync("/v1/admin/deny-list")).ShouldBeOk().Body).ShouldBe(["domain:b.example", "domain:c.example"]);
        (await own.AuditOf("domain:a.example")).ShouldBe(
        [
            $"{admin.UserId} deny_list.add {{\"reason\": \"Sanctions\"}}", $"{admin.UserId} deny_list.add {{\"reason\": \"Sanctions\"}}",
            $"{admin.UserId} deny_list.remove {{\"reason\": \"Lifted\"}}",
        ]);
    }

    [Fact]
    public async Task A_muxed_address_stands_for_its_account()
    {
        var admin = await host.NewAdminAsync();
        var muxed = new MuxedAccount(AccountId.Parse(Address), 7).ToString();

        (await AddAsync(admin, "address", muxed)).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe($"address:{Address}");
    }

    [Theory]
    [InlineData("address", "x", "deny_entry_invalid", "value")]
    [InlineData("address", "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVM", "deny_entry_invalid", "value")]
    [InlineData("user", "wal_000000000000000000000000", "deny_entry_invalid", "value")]
    [InlineData("domain", "10.0.0.1", "deny_entry_invalid", "value")]
    [InlineData("domain", "localhost", "deny_entry_invalid", "value")]
    [InlineData("domain", "a b.example", "deny_entry_invalid", "value")]
    [InlineData("country", "XX", "deny_entry_invalid", "kind")]
    [InlineData("", "x", "parameter_missing", "kind")]
    [InlineData("user", "", "parameter_missing", "value")]
    public async Task What_is_no_entry_is_refused(string kind, string value, string code, string param)
    {
        var admin = await host.NewAdminAsync();

        (await AddAsync(admin, kind, value)).ShouldBeError(HttpStatusCode.BadRequest, code, param);
    }

    [Fact]
    public async Task A_list_is_asked_for_sensibly_and_nothing_is_removed_without_a_reason()
    {
        var admin = await host.NewAdminAsync();

        (await admin.GetAsync("/v1/admin/deny-list?limit=101")).ShouldBeError(HttpStatusCode.BadRequest, "limit_invalid", "limit");
        (await admin.GetAsync("/v1/admin/deny-list?starting_after=x"))
            .ShouldBeError(HttpStatusCode.BadRequest, "starting_after_invalid", "starting_after");
        (await admin.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/v1/admin/deny-list/domain:x.example")))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "reason");
    }

    private static Task<Answer> AddAsync(Api admin, string kind, string value) =>
        admin.PostAsync("/v1/admin/deny-list", new { kind, value, reason = "Sanctions" });

    private static Task<Answer> DeleteAsync(Api admin, string id) =>
        admin.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/v1/admin/deny-list/{id}?reason=Lifted"));

    private static string[] Ids(System.Text.Json.JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!)];
}
