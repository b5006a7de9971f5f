using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>
/// Which fault wins, as in stellar-core's PathPaymentStrictReceiveOpFrame::doApply, to which a payment falls back, and
/// PathPaymentStrictSendOpFrame::doApply.
/// </summary>
public sealed class PaymentOrderTests
{
    private readonly TestLedger _ledger = new TestLedger().Create("issuer", "alice", "bob");
    private readonly Asset _usd;
    private readonly Asset _eur;

    public PaymentOrderTests()
    {
        _usd = _ledger.Asset("USD", "issuer");
        _eur = _ledger.Asset("EUR", "issuer");
    }

    [Fact]
    public void A_payment_looks_at_who_receives_before_who_sends()
    {
        Fails(Pay("nobody", 5), PaymentResultCode.NoDestination);
        Fails(Pay("bob", 5), PaymentResultCode.NoTrust);
        _ledger.Succeed("issuer", AccountTests.SetFlags(AccountFlags.AuthRequired | AccountFlags.AuthRevocable));
        _ledger.Succeed("bob", new ChangeTrustOperation(_usd, 4));
        Fails(Pay("bob", 5), PaymentResultCode.NotAuthorized);
        Authorize("bob", 1);
        Fails(Pay("bob", 5), PaymentResultCode.LineFull);
        Fails(Pay("bob", 4), PaymentResultCode.SrcNoTrust);
        _ledger.Trust(_usd, "alice");
        Fails(Pay("bob", 4), PaymentResultCode.SrcNotAuthorized);
        Authorize("alice", 1);
        Fails(Pay("bob", 4), PaymentResultCode.Underfunded);
        _ledger.Issue(_usd, "issuer", "alice", 4);
        _ledger.Succeed("alice", Pay("bob", 4));
    }

    [Fact]
    public void A_payment_of_credits_to_oneself_needs_room_for_what_it_brings_before_it_takes_it()
    {
        _ledger.Succeed("alice", new ChangeTrustOperation(_usd, 10));
        _ledger.Issue(_usd, "issuer", "alice", 6);

        Fails(Pay("alice", 5), PaymentResultCode.LineFull);
        _ledger.Succeed("alice", Pay("alice", 4));
        _ledger.Succeed("alice", new PaymentOperation(_ledger.Id("alice"), Asset.Native, long.MaxValue));
    }

    [Fact]
    public void A_strict_receive_pays_out_first_then_walks_the_path_then_bounds_the_cost_then_pays_in()
    {
        _ledger.Trust(_eur, "bob");
        FailsReceive(5, 10, PathPaymentStrictReceiveResultCode.TooFewOffers);
        _ledger.Succeed("issuer", new ManageSellOfferOperation(_eur, _usd, 100, new Price(2, 1), 0));
        FailsReceive(5, 9, PathPaymentStrictReceiveResultCode.OverSendmax);
        FailsReceive(5, 10, PathPaymentStrictReceiveResultCode.SrcNoTrust);
        _ledger.Trust(_usd, "alice");
        FailsReceive(5, 10, PathPaymentStrictReceiveResultCode.Underfunded);
        FailsReceive(101, long.MaxValue, PathPaymentStrictReceiveResultCode.TooFewOffers);
        _ledger.Succeed("bob", new ChangeTrustOperation(_eur, 4));
        FailsReceive(5, 9, PathPaymentStrictReceiveResultCode.LineFull);
    }

    [Fact]
    public void A_strict_send_pays_in_first_then_walks_the_path_then_bounds_the_outcome_then_pays_out()
    {
        FailsSend(10, 6, PathPaymentStrictSendResultCode.SrcNoTrust);
        _ledger.Trust(_usd, "alice");
        FailsSend(10, 6, PathPaymentStrictSendResultCode.Underfunded);
        _ledger.Issue(_usd, "issuer", "alice", 1000);
        FailsSend(10, 6, PathPaymentStrictSendResultCode.TooFewOffers);
        _ledger.Succeed("issuer", new ManageSellOfferOperation(_eur, _usd, 100, new Price(2, 1), 0));
        FailsSend(10, 6, PathPaymentStrictSendResultCode.UnderDestmin);
        FailsSend(10, 5, PathPaymentStrictSendResultCode.NoTrust);
        _ledger.Succeed("bob", new ChangeTrustOperation(_eur, 4));
        FailsSend(10, 5, PathPaymentStrictSendResultCode.LineFull);
        FailsSend(202, 5, PathPaymentStrictSendResultCode.TooFewOffers);
        _ledger.Succeed("alice", Send(9, 4));
        _ledger.State.TrustLine(_ledger.Id("bob"), _eur).ShouldNotBeNull().Balance.ShouldBe(4);
    }

    [Fact]
    public void Hops_between_an_asset_and_itself_are_no_hops()
    {
        _ledger.Trust(_usd, "alice", "bob").Issue(_usd, "issuer", "alice", 10);

        var applied = _ledger.Succeed("alice", new PathPaymentStrictSendOperation(
            _usd, 10, _ledger.Id("bob"), _usd, 10, [_usd, _usd]));

        applied.OperationResults[0].ShouldBe(new PathPaymentStrictSendResult(
            PathPaymentStrictSendResultCode.Success,
            new PathPaymentSuccess([], new SimplePaymentResult(_ledger.Id("bob"), _usd, 10))));
    }

    [Fact]
    public void Only_a_payment_without_a_path_reaches_an_issuer_whose_account_is_gone()
    {
        _ledger.Trust(_usd, "alice").Issue(_usd, "issuer", "alice", 10);
        _ledger.Succeed("issuer", new AccountMergeOperation(_ledger.Id("root")));
        PathPaymentStrictReceiveOperation Through(ValueList<Asset> path) =>
            new(_usd, 5, _ledger.Id("issuer"), _usd, 5, path);

        _ledger.Fail("alice", Through([_usd]))
            .ShouldBe(new PathPaymentStrictReceiveResult(PathPaymentStrictReceiveResultCode.NoDestination));
        _ledger.Succeed("alice", Through([]));
    }

    private PaymentOperation Pay(string to, long amount) => new(_ledger.Id(to), _usd, amount);

    private PathPaymentStrictSendOperation Send(long amount, long least) =>
        new(_usd, amount, _ledger.Id("bob"), _eur, least, []);

    private void Authorize(string trustor, uint flags) =>
        _ledger.Succeed("issuer", new AllowTrustOperation(_ledger.Id(trustor), _usd.Code, flags));

    private void Fails(PaymentOperation operation, PaymentResultCode code) =>
        _ledger.Fail("alice", operation).ShouldBe(new PaymentResult(code));

    private void FailsReceive(long amount, long most, PathPaymentStrictReceiveResultCode code) =>
        _ledger.Fail("alice", new PathPaymentStrictReceiveOperation(
            _usd, most, _ledger.Id("bob"), _eur, amount, [])).ShouldBe(new PathPaymentStrictReceiveResult(code));

    private void FailsSend(long amount, long least, PathPaymentStrictSendResultCode code) =>
        _ledger.Fail("alice", Send(amount, least)).ShouldBe(new PathPaymentStrictSendResult(code));
}
