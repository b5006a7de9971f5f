using StellarPay.Grains.Money;

namespace StellarPay.Grains.Tests.Values;

public sealed class AssetTests
{
    private const string Issuer = "GBHX7ZRAI522WVBIUXZLJDEECDUB6MXBTA5LZ6BP72N25TO23W6GAUEH";

    [Fact]
    public void An_issued_asset_knows_its_code_and_issuer()
    {
        var usdc = Asset.Parse("USDC:" + Issuer);

        (usdc.Code, usdc.Issuer, usdc.IsNative).ShouldBe(("USDC", Issuer, false));
        usdc.ShouldBe(Asset.Issued("USDC", Issuer));
        usdc.ToString().ShouldBe("USDC:" + Issuer);
    }

    [Fact]
    public void The_native_asset_is_XLM_without_an_issuer() =>
        (Asset.Native.Code, Asset.Native.Issuer, Asset.Native.IsNative, Asset.Native.Canonical).ShouldBe(("XLM", null, true, "native"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("XLM")]
    [InlineData("Native")]
    [InlineData("USDC")]
    [InlineData("USDC:")]
    [InlineData(":" + Issuer)]
    [InlineData("USD-C:" + Issuer)]
    [InlineData("ABCDEFGHIJKLM:" + Issuer)]
    [InlineData("USDC:" + Issuer + "A")]
    [InlineData("USDC:M" + Issuer)]
    [InlineData("USDC:XBHX7ZRAI522WVBIUXZLJDEECDUB6MXBTA5LZ6BP72N25TO23W6GAUEH")]
    public void Anything_else_is_refused(string? text)
    {
        Asset.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Asset.Parse(text));
    }
}
