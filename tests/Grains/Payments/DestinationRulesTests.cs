using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Tests.Payments;

public sealed class DestinationRulesTests
{
    private static readonly Asset Usdc = Asset.Issued("USDC", FakeNetwork.NewAddress());
    private static readonly QuoteTerms Terms = new(FakeNetwork.NewAddress(), "bob", Usdc, 100, null);
    private static readonly NetworkTrustline Line = new(Usdc.Canonical, 0, 100, 0, Authorized: true);

    [Fact]
    public void An_account_with_just_enough_room_can_receive() => Check(Line).ShouldBeNull();

    [Fact]
    public void Without_an_account_there_is_nobody_to_pay() =>
        DestinationRules.Check(null, Terms)!.Code.ShouldBe("destination_not_found");

    [Fact]
    public void Without_a_trustline_the_asset_cannot_be_received() =>
        Check(Line with { Asset = "EURC:" + Usdc.Issuer }).ShouldBe("destination_no_trustline");

    [Fact]
    public void Without_the_issuers_leave_the_asset_cannot_be_received() =>
        Check(Line with { Authorized = false }).ShouldBe("destination_not_authorized");

    [Fact]
    public void A_trustline_is_full_when_balance_offers_and_payment_together_exceed_its_limit()
    {
        Check(Line with { Balance = 1 }).ShouldBe("destination_full");
        Check(Line with { BuyingLiabilities = 1 }).ShouldBe("destination_full");
        Check(Line with { Balance = long.MaxValue, Limit = long.MaxValue }).ShouldBe("destination_full");
    }

    [Fact]
    public void XLM_needs_no_trustline_but_room_in_64_bits()
    {
        var native = Terms with { Asset = Asset.Native };

        DestinationRules.Check(new NetworkAccount(1, 0, 0, [], false), native).ShouldBeNull();
        DestinationRules.Check(new NetworkAccount(1, long.MaxValue, 0, [], false), native)!.Code.ShouldBe("destination_full");
    }

    [Fact]
    public void An_issuer_is_not_paid_its_own_asset_which_would_destroy_it()
    {
        var issuer = new NetworkAccount(1, 0, 0, [], false);

        DestinationRules.Check(issuer, Terms with { Destination = Usdc.Issuer! })!.Code.ShouldBe("destination_is_issuer");
        DestinationRules.Check(issuer, Terms with { Destination = new MuxedAccount(AccountId.Parse(Usdc.Issuer!), 1).ToString() })!
            .Code.ShouldBe("destination_is_issuer");
        DestinationRules.Check(issuer, Terms with { Destination = Usdc.Issuer!, Asset = Asset.Native }).ShouldBeNull();
    }

    [Fact]
    public void A_user_whose_account_is_not_there_yet_is_just_being_opened()
    {
        var error = DestinationRules.Check(null, Terms with { Facts = new RecipientFacts(IsUser: true) })!;

        (error.Kind, error.Code, error.Param).ShouldBe((ErrorKind.Unavailable, "recipient_opening", "recipient"));
    }

    [Fact]
    public void A_muxed_address_counts_as_a_memo()
    {
        var exchange = new NetworkAccount(1, 0, 0, [Line], MemoRequired: true);
        var muxed = new MuxedAccount(AccountId.Parse(Terms.Destination), 7).ToString();

        DestinationRules.Check(exchange, Terms with { Destination = muxed }).ShouldBeNull();
    }

    [Fact]
    public void Who_demands_a_memo_is_paid_only_with_one()
    {
        var exchange = new NetworkAccount(1, 0, 0, [Line], MemoRequired: true);

        DestinationRules.Check(exchange, Terms)!.Code.ShouldBe("memo_required");
        DestinationRules.Check(exchange, Terms with { Memo = "42" }).ShouldBeNull();
    }

    private static string? Check(NetworkTrustline line) =>
        DestinationRules.Check(new NetworkAccount(1, 0, 0, [line], false), Terms)?.Code;
}
