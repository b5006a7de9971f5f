using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>docs/guides/signed-requests.json, by which others try what they write, is what the front door takes, byte by byte.</summary>
public sealed class SignatureVectorTests
{
    private const string Good = "t=1795874936,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000";

    public static TheoryData<string> Names => [.. Vectors().Select(vector => Text(vector, "name"))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vector_is_signed_as_it_says(string name)
    {
        var vector = Vectors().Single(one => Text(one, "name") == name);
        var body = Encoding.UTF8.GetBytes(Text(vector, "body"));
        var (method, target, key) = (Text(vector, "method"), Text(vector, "target"), Text(vector, "idempotency_key"));
        var secret = Encoding.UTF8.GetBytes(Text(vector, "secret"));

        RequestSignature.TryParse(Text(vector, "header"), out var signature).ShouldBeTrue();

        signature!.Time.ShouldBe(vector.GetProperty("time").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        signature.Nonce.ShouldBe(Text(vector, "nonce"));
        var text = signature.TextOf(method, target, key, body);
        text.ShouldBe(Text(vector, "signed_text"));
        signature.IsOf(text, secret).ShouldBeTrue();
        signature.IsOf(text + "\n", secret).ShouldBeFalse();
        // And what tests sign with is no other.
        Text(vector, "header").ShouldEndWith(RequestSigner.MacOf(
            Text(vector, "secret"), method, target, vector.GetProperty("time").GetInt64(), signature.Nonce, key, body));
    }

    [Fact]
    public void A_header_in_the_one_form_is_read() => RequestSignature.TryParse(Good, out _).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("t=1795874936")]
    [InlineData(" " + Good)]
    [InlineData(Good + " ")]
    [InlineData(Good + "\n")]
    [InlineData(Good + ",v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(Good + ",v2=1")]
    [InlineData("T=1795874936,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("n=0123456789abcdef,t=1795874936,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936, n=0123456789abcdef, v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcde,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcde\u00e9,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcdef\0,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcdef\t,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcdef+/=,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=-1795874936,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=+1795874936,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=01795874936,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936.5,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936000,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=\u0661795874936,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcdef,v1=000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcdef,v1=00000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1795874936,n=0123456789abcdef,v1=000000000000000000000000000000000000000000000000000000000000000G")]
    [InlineData("t=1795874936,n=0123456789abcdef,v1=000000000000000000000000000000000000000000000000000000000000000A")]
    public void Any_other_form_is_none(string header) => RequestSignature.TryParse(header, out _).ShouldBeFalse();

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void A_nonce_has_its_bound(int length, bool isGood) =>
        RequestSignature.TryParse($"t=99999999999,n={new string('x', length)},v1={new string('f', 64)}", out _).ShouldBe(isGood);

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static JsonElement[] Vectors([CallerFilePath] string here = "") =>
    [
        .. JsonDocument.Parse(File.ReadAllText(Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/guides/signed-requests.json")))).RootElement.EnumerateArray(),
    ];
}
