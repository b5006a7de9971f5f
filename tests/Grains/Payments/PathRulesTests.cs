using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

public sealed class PathRulesTests
{
    private static readonly string Usdc = $"USDC:{FakeNetwork.NewAddress()}";
    private static readonly string Own = FakeNetwork.NewAddress();
    private static readonly QuoteRequest Request = new(FakeNetwork.NewAddress(), "bob@example.com", "USDC", "5", SourceAsset: "XLM");

    [Fact]
    public void Either_side_may_be_exact()
    {
        var receive = Read(Request)!;
        (receive.Asset.Canonical, receive.Stroops, receive.Path).ShouldBe(
            (Usdc, 50_000_000, new PathTerms(Asset.Native, null, 100)));
        receive.Path!.Method.ShouldBe(PaymentMethod.PathStrictReceive);

        var send = Read(Request with { Amount = "", SourceAmount = "7.5", MaxSlippageBps = 0 })!;
        send.Path.ShouldBe(new PathTerms(Asset.Native, 75_000_000, 0));
        send.Path!.Method.ShouldBe(PaymentMethod.PathStrictSend);
    }

    [Fact]
    public void A_request_without_a_source_asset_is_a_payment_as_ever() =>
        Read(Request with { SourceAsset = null })!.Path.ShouldBeNull();

    [Fact]
    public void Each_field_that_is_wrong_is_named()
    {
        Wrong(Request with { SourceAsset = null, SourceAmount = "1" }).ShouldBe(("source_asset_missing", "source_asset"));
        Wrong(Request with { SourceAsset = null, MaxSlippageBps = 1 }).ShouldBe(("source_asset_missing", "source_asset"));
        Wrong(Request with { SourceAsset = "" }).ShouldBe(("unknown_asset", "source_asset"));
        Wrong(Request with { SourceAsset = "DOGE" }).ShouldBe(("unknown_asset", "source_asset"));
        Wrong(Request with { SourceAsset = "USDC" }).ShouldBe(("same_asset", "source_asset"));
        Wrong(Request with { SourceAmount = "1" }).ShouldBe(("amount_ambiguous", "source_amount"));
        Wrong(Request with { Amount = "" }).ShouldBe(("amount_invalid", "amount"));
        Wrong(Request with { Amount = "", SourceAmount = "0" }).ShouldBe(("amount_invalid", "source_amount"));
        Wrong(Request with { Amount = "", SourceAmount = "1e3" }).ShouldBe(("amount_invalid", "source_amount"));
        Wrong(Request with { MaxSlippageBps = -1 }).ShouldBe(("slippage_invalid", "max_slippage_bps"));
        Wrong(Request with { MaxSlippageBps = 1001 }).ShouldBe(("slippage_invalid", "max_slippage_bps"));
    }

    [Fact]
    public void What_the_wallet_does_not_hold_can_be_paid_by_a_path_only()
    {
        var foreign = $"EURC:{FakeNetwork.NewAddress()}";

        Read(Request with { Asset = foreign })!.Asset.Canonical.ShouldBe(foreign);
        Wrong(Request with { Asset = foreign, SourceAsset = null }).ShouldBe(("unknown_asset", "asset"));
        Wrong(Request with { Asset = $"EURC:G{new string('A', 55)}" }).ShouldBe(("unknown_asset", "asset"));
    }

    [Theory]
    [InlineData("EURC")]
    [InlineData("EURC:")]
    [InlineData(":")]
    [InlineData("EURC:native")]
    [InlineData("native:")]
    [InlineData("XLM:")]
    [InlineData("USDC:")]
    public void An_asset_that_names_no_issuer_is_none_whether_it_is_paid_or_paid_with(string nameless)
    {
        Wrong(Request with { Asset = nameless }).ShouldBe(("unknown_asset", "asset"));
        Wrong(Request with { SourceAsset = nameless }).ShouldBe(("unknown_asset", "source_asset"));
    }

    [Fact]
    public void The_cheapest_way_counts_and_its_most_rounds_up()
    {
        FoundPath[] found = [new(1_003, 7, ["a"]), new(1_001, 7, ["a", "b"]), new(1_001, 7, ["c"])];

        var price = PathRules.Price(new PathTerms(Asset.Native, null, 50), Asset.Parse(Usdc), found).Value!;

        price.Hops.ShouldBe(["c"]);
        (price.SourceStroops, price.SourceMaxStroops, price.Stroops, price.MinStroops).ShouldBe((1_001, 1_007, 7, 7));
    }

    [Fact]
    public void The_way_that_delivers_most_counts_and_its_least_rounds_down_but_not_to_nothing()
    {
        FoundPath[] found = [new(7, 999, []), new(7, 1_001, ["a"])];

        var price = PathRules.Price(new PathTerms(Asset.Native, 7, 50), Asset.Parse(Usdc), found).Value!;

        price.Hops.ShouldBe(["a"]);
        (price.SourceStroops, price.SourceMaxStroops, price.Stroops, price.MinStroops).ShouldBe((7, 7, 1_001, 995));
        PathRules.Price(new PathTerms(Asset.Native, 7, 1000), Asset.Parse(Usdc), [new(7, 1, [])]).Value!.MinStroops.ShouldBe(1);
    }

    [Fact]
    public void A_price_near_the_end_of_numbers_does_not_overflow() =>
        PathRules.Price(new PathTerms(Asset.Native, null, 1000), Asset.Parse(Usdc), [new(long.MaxValue, 7, [])])
            .Value!.SourceMaxStroops.ShouldBe(long.MaxValue);

    [Fact]
    public void No_way_is_a_refusal()
    {
        var error = PathRules.Price(new PathTerms(Asset.Native, 7, 50), Asset.Parse(Usdc), []).Error!;
        (error.Kind, error.Code, error.Message).ShouldBe(
            (ErrorKind.Refused, "no_path", "Nobody offers enough USDC for XLM at the moment."));
    }

    [Fact]
    public void A_price_may_move_up_to_the_bound_and_not_a_stroop_beyond()
    {
        var receive = new PaymentRecord
        {
            Method = PaymentMethod.PathStrictReceive, Asset = Usdc, Stroops = 70_000_000,
            Path = new PathRecord { SourceAsset = "native", SourceStroops = 100, SourceMaxStroops = 101, MinStroops = 70_000_000 },
        };
        PathRules.Recheck(receive, [new(101, 70_000_000, ["a"])]).Value!.Hops.ShouldBe(["a"]);
        var dear = PathRules.Recheck(receive, [new(102, 70_000_000, [])]).Error!;
        (dear.Kind, dear.Code).ShouldBe((ErrorKind.Conflict, "slippage_exceeded"));
        dear.Message.ShouldBe(
            "The price has moved: 7.0000000 USDC now costs 0.0000102 XLM, more than the 0.0000101 XLM that the quote allows. "
            + "Please ask for a new quote, or try again.");

        var send = new PaymentRecord
        {
            Method = PaymentMethod.PathStrictSend, Asset = Usdc, Stroops = 100,
            Path = new PathRecord { SourceAsset = "native", SourceStroops = 7, SourceMaxStroops = 7, MinStroops = 99 },
        };
        PathRules.Recheck(send, [new(7, 99, [])]).IsSuccess.ShouldBeTrue();
        PathRules.Recheck(send, [new(7, 98, [])]).Error!.Message.ShouldContain("now buys 0.0000098 USDC, less than the 0.0000099 USDC");
        PathRules.Recheck(send, []).Error!.Code.ShouldBe("no_path");
    }

    private static QuoteTerms? Read(QuoteRequest request) => QuoteRules.Read(request, Own, [Usdc]).Value;

    private static (string, string?) Wrong(QuoteRequest request)
    {
        var error = QuoteRules.Read(request, Own, [Usdc]).Error!;
        error.Kind.ShouldBe(ErrorKind.InvalidRequest);
        return (error.Code, error.Param);
    }
}
