using Microsoft.Extensions.Options;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Costs;

public sealed class MinimumPaymentTests
{
    private static readonly QuoteTerms Terms = new("G", "G", Asset.Native, 1, Memo: null);

    [Theory]
    [InlineData(99_999, true)]
    [InlineData(100_000, false)]
    public void What_is_worth_a_cent_is_enough(long units, bool refused) =>
        (Minimum().Check(new PlainPayment(), Terms, Worth(units)) is not null).ShouldBe(refused);

    [Fact]
    public void What_ends_something_may_be_however_small() =>
        Minimum().Check(new Ending(), Terms, Worth(1)).ShouldBeNull();

    [Fact]
    public void What_nobody_can_count_is_for_the_limits_to_refuse() =>
        Minimum().Check(new PlainPayment(), Terms, new PaymentWorth(null, 1m, 1m, null)).ShouldBeNull();

    [Fact]
    public void Of_what_is_beyond_counting_the_least_is_not_said_in_stroops()
    {
        var refusal = Minimum().Check(new PlainPayment(), Terms, new PaymentWorth(1, 0.0000000000000000001m, null, null))!;

        refusal.Message.ShouldBe("A payment must be worth at least 0.01 USD.");
    }

    [Fact]
    public void Where_what_is_spent_is_exact_that_is_the_field()
    {
        var terms = Terms with { Path = new PathTerms(Asset.Native, SourceStroops: 1, SlippageBasisPoints: 0) };

        Minimum().Check(new PlainPayment(), terms, Worth(1))!.Param.ShouldBe("source_amount");
    }

    private static PaymentWorth Worth(long units) => new(units, Price: 0.1m, XlmPrice: 0.1m, Refusal: null);

    private static MinimumPayment Minimum() => new(
        Options.Create(new CostOptions()),
        new OperationPrices(Options.Create(new NetworkOptions()), Options.Create(new PlatformOptions()), TimeProvider.System));

    private sealed class Ending : IPaymentKind
    {
        public bool HasMinimum => false;

        public Error? Check(QuoteFacts facts) => null;

        public IReadOnlyList<PlannedOperation> Plan(PaymentRecord payment, string source, string? sponsor) => [];

        public void Refuse(WalletState state, PaymentRecord payment, string code, Refusal refusal)
        {
        }
    }
}
