using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Wallets;

[Collection<MoneyCollection>]
public sealed class LimitsTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_user_sees_what_he_may_move_and_how_much_of_it_is_left()
    {
        var api = await host.SignUpAsync();

        var limits = (await api.GetAsync("/v1/wallet/limits")).ShouldBeOk().Text;

        limits.ShouldBe(
            """{"object":"limits","currency":"USD","tier":1,"payment":"25000.0000000","""
            + "\"daily\":{\"limit\":\"100000.0000000\",\"used\":\"1.5000000\",\"left\":\"99998.5000000\"},"
            + "\"monthly\":{\"limit\":\"500000.0000000\",\"used\":\"0.0000001\",\"left\":\"499999.9999999\"},\"minimum\":\"0.0100000\","
            + "\"free_operations\":{\"limit\":200,\"used\":3,\"left\":197}}");
    }
}
