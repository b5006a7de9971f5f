using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Sep1;
using StellarPay.Stellar.Sep7;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>Requests to pay that say for whom they are made, and can be held to it.</summary>
public sealed class PaymentRequestSignerTests
{
    private const string Network = "Test \"SDF\" Network ; \\ November 2026";

    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(each => (byte)each)];

    [Fact]
    public void A_wallet_finds_by_the_domains_toml_that_a_request_is_the_domains()
    {
        using var shop = SigningKey.Generate();
        using var signer = At("https://pay.example.com");

        var request = StellarUri.Parse(signer.Write(RequestTo(shop), "Ada's Books"));

        var toml = StellarToml.Parse(System.Text.Encoding.UTF8.GetString(signer.Toml()!));
        (request.OriginDomain, request.Message).ShouldBe(("pay.example.com", "Ada's Books"));
        request.IsSignedBy(toml.UriRequestSigningKey!.Value).ShouldBeTrue();
        toml.NetworkPassphrase.ShouldBe(Network);
        At("https://pay.example.com").Write(RequestTo(shop), "Ada's Books").ShouldBe(signer.Write(RequestTo(shop), "Ada's Books"), "whichever front door writes it");

        using var thief = SigningKey.Generate();
        var forged = signer.Write(RequestTo(shop), "Ada's Books").Replace(shop.AccountId.ToString(), thief.AccountId.ToString(), StringComparison.Ordinal);
        StellarUri.Parse(forged).IsSignedBy(toml.UriRequestSigningKey!.Value).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://127.0.0.1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://localhost")]
    [InlineData("https://pay.example.com:8443")]
    [InlineData("https://pay_shop.example.com")]
    [InlineData("https://pay.example.com.")]
    public void Where_there_is_no_domain_nothing_is_signed(string origin)
    {
        using var shop = SigningKey.Generate();

        var request = StellarUri.Parse(At(origin).Write(RequestTo(shop), "Ada's Books"));

        (request.OriginDomain, request.Message, request.Signature.Length).ShouldBe((null, null, 0));
        At(origin).Toml().ShouldBeNull();
    }

    private static PaymentRequestSigner At(string origin) => new(Secret, Options.Create(new CheckoutOptions { Origin = origin }), Network);

    private static PayRequest RequestTo(SigningKey shop) => new(shop.AccountId.ToString())
    {
        Amount = 30_000_000, Memo = new MemoText("pay_0123"), Network = new StellarNetwork(Network),
    };
}
