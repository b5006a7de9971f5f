using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Payments;

public sealed class QuoteRulesTests
{
    private static readonly string Own = FakeNetwork.NewAddress();
    private static readonly string Other = FakeNetwork.NewAddress();
    private static readonly string Usdc = $"USDC:{FakeNetwork.NewAddress()}";
    private static readonly QuoteRequest Good = new(Other, "bob@example.com", "USDC", "12.5", "rent");

    [Fact]
    public void A_good_request_is_read()
    {
        var terms = QuoteRules.Read(Good, Own, [Usdc]).Value!;

        (terms.Destination, terms.Recipient, terms.Asset.Canonical, terms.Stroops, terms.Memo)
            .ShouldBe((Other, "bob@example.com", Usdc, 125_000_000L, "rent"));
    }

    [Theory]
    [InlineData("XLM")]
    [InlineData("native")]
    public void XLM_goes_by_both_its_names(string name) =>
        QuoteRules.Read(Good with { Asset = name }, Own, [Usdc]).Value!.Asset.IsNative.ShouldBeTrue();

    [Theory]
    [InlineData("0")]
    [InlineData("0.0000000")]
    [InlineData("-1")]
    [InlineData("-0.00000001")]
    [InlineData("1,5")]
    [InlineData("1e3")]
    [InlineData("5-")]
    [InlineData(" 5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.12345678")]
    [InlineData("9223372036854.7758080000000")]
    [InlineData("922337203685.4775808")]
    [InlineData("")]
    [InlineData(null)]
    public void An_amount_that_is_not_more_than_zero_in_plain_digits_is_refused(string? amount)
    {
        var error = QuoteRules.Read(Good with { Amount = amount! }, Own, [Usdc]).Error!;

        (error.Code, error.Param).ShouldBe(("amount_invalid", "amount"));
    }

    [Theory]
    [InlineData("EURC")]
    [InlineData("usdc")]
    [InlineData("")]
    [InlineData(null)]
    public void An_asset_that_the_wallet_does_not_hold_is_refused(string? asset) =>
        QuoteRules.Read(Good with { Asset = asset! }, Own, [Usdc]).Error!.Code.ShouldBe("unknown_asset");

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("bob")]
    [InlineData("GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("SAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_destination_that_is_no_address_is_refused(string? destination) =>
        QuoteRules.Read(Good with { Destination = destination! }, Own, [Usdc]).Error!.Code.ShouldBe("destination_invalid");

    [Fact]
    public void A_wallet_cannot_pay_itself_and_the_error_names_the_field_that_the_payer_filled_in()
    {
        var error = QuoteRules.Read(Good with { Destination = Own }, Own, [Usdc]).Error!;

        (error.Code, error.Param).ShouldBe(("self_payment", "recipient"));
    }

    [Fact]
    public void A_memo_is_at_most_28_bytes_not_characters()
    {
        QuoteRules.Read(Good with { Memo = new string('é', 14) }, Own, [Usdc]).IsSuccess.ShouldBeTrue();
        QuoteRules.Read(Good with { Memo = new string('é', 15) }, Own, [Usdc]).Error!.Code.ShouldBe("memo_invalid");
        QuoteRules.Read(Good with { Memo = "\ud800" }, Own, [Usdc]).Error!.Code.ShouldBe("memo_invalid");
    }

    [Theory]
    [InlineData("bob\u0000*example.com")]
    [InlineData("bob\u0001")]
    [InlineData("bob\r\nERROR: paid")]
    [InlineData("bob\u2028")]
    [InlineData("bob\u202emoc.elpmaxe")]
    [InlineData("bob\ud800")]
    [InlineData("bob\u0085")]
    [InlineData("bob\u007f")]
    public void What_no_column_or_log_should_hold_is_refused_with_the_name_of_its_field(string text)
    {
        // The bug kept away: jsonb takes no U+0000, so the write failed and the wallet's activation ended with it.
        var recipient = QuoteRules.Read(Good with { Recipient = text }, Own, [Usdc]).Error!;
        var memo = QuoteRules.Read(Good with { Memo = text }, Own, [Usdc]).Error!;

        (recipient.Code, recipient.Param).ShouldBe(("recipient_invalid", "recipient"));
        (memo.Code, memo.Param).ShouldBe(("memo_invalid", "memo"));
    }

    [Theory]
    [InlineData("bob@example.com")]
    [InlineData("Zoë 👩‍👩‍👧 日本")]
    public void What_people_write_is_no_control_character(string text) =>
        QuoteRules.Read(Good with { Recipient = text }, Own, [Usdc]).Value!.Recipient.ShouldBe(text);

    [Fact]
    public void A_muxed_address_is_read_and_carries_no_memo()
    {
        var muxed = new MuxedAccount(AccountId.Parse(Other), 7).ToString();

        var terms = QuoteRules.Read(Good with { Destination = muxed, Memo = null }, Own, [Usdc]).Value!;
        (terms.Destination, terms.Account, terms.IsMuxed).ShouldBe((muxed, Other, true));
        var error = QuoteRules.Read(Good with { Destination = muxed }, Own, [Usdc]).Error!;
        (error.Code, error.Param).ShouldBe(("memo_not_allowed", "memo"));
    }

    [Fact]
    public void A_wallet_cannot_pay_itself_by_a_muxed_address_either() =>
        QuoteRules.Read(Good with { Destination = new MuxedAccount(AccountId.Parse(Own), 7).ToString(), Memo = null }, Own, [Usdc])
            .Error!.Code.ShouldBe("self_payment");

    [Theory]
    [InlineData("id", "0", true)]
    [InlineData("id", "18446744073709551615", true)]
    [InlineData("id", "18446744073709551616", false)]
    [InlineData("id", "-1", false)]
    [InlineData("id", " 1", false)]
    [InlineData("id", "x", false)]
    [InlineData("hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", true)]
    [InlineData("hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", false)]
    [InlineData("hash", "x", false)]
    [InlineData("return", "1", false)]
    public void A_memo_is_of_its_kind_or_refused(string type, string memo, bool good)
    {
        var read = QuoteRules.Read(Good with { Memo = memo, Facts = new RecipientFacts(false, null, type) }, Own, [Usdc]);

        (read.Error?.Code).ShouldBe(good ? null : "memo_invalid");
    }
}
