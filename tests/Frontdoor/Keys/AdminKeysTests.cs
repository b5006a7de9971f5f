using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Keys;

[Collection<WholeHostCollection>]
public sealed class AdminKeysTests(WholeHost host)
{
    [Fact]
    public async Task An_administrator_sees_which_keys_wrap_what_and_can_have_them_rotated()
    {
        var admin = await host.NewAdminAsync();

        var before = (await admin.GetAsync("/v1/admin/keys")).ShouldBeOk().Body;
        before.GetProperty("object").GetString().ShouldBe("keys");
        before.GetProperty("keys")[0].GetProperty("id").GetString().ShouldBe(before.GetProperty("current").GetString());
        before.GetProperty("keys")[0].GetProperty("retirable").GetBoolean().ShouldBeFalse();

        var asked = await admin.PostAsync("/v1/admin/keys/rotate");
        asked.Status.ShouldBe(HttpStatusCode.Accepted);
        asked.Body.GetProperty("rotation").GetProperty("status").GetString().ShouldBe("running");
    }

    [Fact]
    public async Task A_user_neither_sees_nor_rotates_keys()
    {
        var user = await host.SignUpAsync();

        (await user.GetAsync("/v1/admin/keys")).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
        (await user.PostAsync("/v1/admin/keys/rotate")).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
    }
}
