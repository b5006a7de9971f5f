using StellarPay.Bench.Fuzzing;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class HorizonCodeTests
{
    [Theory]
    [InlineData(TransactionResultCode.FeeBumpInnerSuccess, "tx_fee_bump_inner_success")]
    [InlineData(TransactionResultCode.Success, "tx_success")]
    [InlineData(TransactionResultCode.BadSeq, "tx_bad_seq")]
    [InlineData(TransactionResultCode.NoAccount, "tx_no_source_account")]
    [InlineData(TransactionResultCode.FeeBumpInnerFailed, "tx_fee_bump_inner_failed")]
    [InlineData(TransactionResultCode.BadMinSeqAgeOrGap, "tx_bad_minseq_age_or_gap")]
    [InlineData(TransactionResultCode.FrozenKeyAccessed, "tx_frozen_key_accessed")]
    public void A_transaction_result_has_the_name_that_Horizon_gives_it(TransactionResultCode code, string name) =>
        code.ToHorizonCode().ShouldBe(name);

    [Fact]
    public void An_operation_result_has_the_name_that_Horizon_gives_it()
    {
        Name(new PaymentResult(PaymentResultCode.Success)).ShouldBe("op_success");
        Name(new PaymentResult(PaymentResultCode.Underfunded)).ShouldBe("op_underfunded");
        Name(new PaymentResult(PaymentResultCode.NoTrust)).ShouldBe("op_no_trust");
        Name(new PaymentResult(PaymentResultCode.NoIssuer)).ShouldBe("op_no_issuer");
        Name(new CreateAccountResult(CreateAccountResultCode.AlreadyExist)).ShouldBe("op_already_exists");
        Name(new ManageSellOfferResult(ManageSellOfferResultCode.BuyNoIssuer)).ShouldBe("buy_no_issuer");
        Name(new ManageBuyOfferResult(ManageBuyOfferResultCode.SellNotAuthorized)).ShouldBe("sell_not_authorized");
        Name(new CreatePassiveSellOfferResult(ManageSellOfferResultCode.NotFound)).ShouldBe("op_offer_not_found");
        Name(new ChangeTrustResult(ChangeTrustResultCode.NotAuthMaintainLiabilities))
            .ShouldBe("op_not_aut_maintain_liabilities");
        Name(new PathPaymentStrictReceiveResult(PathPaymentStrictReceiveResultCode.OverSendmax))
            .ShouldBe("op_over_source_max");
        Name(new RevokeSponsorshipResult(RevokeSponsorshipResultCode.Malformed)).ShouldBe("op_malformed");
        Name(new InvokeHostFunctionResult(InvokeHostFunctionResultCode.Trapped)).ShouldBe("function_trapped");
        new OperationResult(OperationResultCode.NoAccount).ToHorizonCode().ShouldBe("op_no_source_account");
    }

    [Fact]
    public void Every_result_has_a_name()
    {
        foreach (var sample in ResultSamples.All)
        {
            if (sample.Value is OperationResult operation)
                operation.ToHorizonCode().ShouldMatch("^[a-z_]+$", sample.ToString());
            else if (sample.Value is TransactionResult transaction)
                transaction.Code.ToHorizonCode().ShouldMatch("^tx_[a-z_]+$", sample.ToString());
        }
    }

    private static string Name(OperationResultBody result) => new OperationResult(result).ToHorizonCode();
}
