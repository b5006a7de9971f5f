using System.Text;
using StellarPay.Frontdoor.Webhooks.Delivery;

namespace StellarPay.Frontdoor.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    // The example of the specification's own libraries.
    [Fact]
    public void Standard_webhooks_own_example_comes_out()
    {
        var headers = Headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, """{"test": 2432232314}""");

        headers["webhook-id"].ShouldBe("msg_p5jXN8AQM9LWM0D4loKWxJek");
        headers["webhook-timestamp"].ShouldBe("1614265330");
        headers["webhook-signature"].ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    // M31: of one secret the one scheme takes the text, the other the bytes that it stands for.
    [Fact]
    public void Each_scheme_takes_the_secret_its_own_way()
    {
        var body = Encoding.UTF8.GetBytes("""{"description":"Café \"10.0\"/€"}""");
        var headers = Headers("evt_1", 1_772_366_400, Encoding.UTF8.GetString(body));

        headers["Stripe-Signature"].ShouldBe($"t=1772366400,v1={OfficialSignatures.Stripe(Secret, "1772366400", body)}");
        headers["webhook-signature"].ShouldBe(OfficialSignatures.Standard(Secret, "evt_1", "1772366400", body));
    }

    private static Dictionary<string, string> Headers(string id, long at, string body) => WebhookSignature.HeadersOf(
            id, DateTimeOffset.FromUnixTimeSeconds(at), Encoding.UTF8.GetBytes(body), [Convert.FromBase64String(Secret["whsec_".Length..])])
        .ToDictionary(header => header.Key, header => header.Value);
}
