using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Xdr;

public sealed class ClaimTests
{
    private const string Account = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";

    private static readonly ClaimPredicate From100 = new ClaimNot(new ClaimBeforeAbsoluteTime(100));
    private static readonly ClaimPredicate Before200 = new ClaimBeforeAbsoluteTime(200);

    // As the official JavaScript and Python SDKs have them.
    [Theory]
    [InlineData(1235, "00000000536af35c666a28d26775008321655e9eda2039154270484e3f81d72c66d5c26f")]
    [InlineData(114272277834498051, "000000001cd1e39f422a864b4efca661e11ffaa1c54e69b23aaf096e0cfd361bb4a275bf")]
    public void A_balance_has_the_id_that_its_transaction_gives_it(long sequence, string id)
    {
        var created = ClaimableBalanceId.CreatedBy(AccountId.Parse(Account), sequence, 0);

        created.ToString().ShouldBe(id);
        ClaimableBalanceId.TryParse(id, out var read).ShouldBeTrue();
        read.ShouldBe(created);
        ClaimableBalanceId.CreatedBy(AccountId.Parse(Account), sequence, 1).ShouldNotBe(created);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("536af35c666a28d26775008321655e9eda2039154270484e3f81d72c66d5c26f")]
    [InlineData("00000001536af35c666a28d26775008321655e9eda2039154270484e3f81d72c66d5c26f")]
    [InlineData("00000000536af35c666a28d26775008321655e9eda2039154270484e3f81d72c66d5c2zz")]
    [InlineData("00000000536af35c666a28d26775008321655e9eda2039154270484e3f81d72c66d5c26f00")]
    public void What_is_no_balances_id_is_not_read(string? text) => ClaimableBalanceId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_predicate_holds_in_a_ledger_by_its_close_time()
    {
        ClaimUnconditional.Instance.IsMetAt(0).ShouldBeTrue();
        Before200.IsMetAt(199).ShouldBeTrue();
        Before200.IsMetAt(200).ShouldBeFalse();
        From100.IsMetAt(99).ShouldBeFalse();
        From100.IsMetAt(100).ShouldBeTrue();
        new ClaimAnd([From100, Before200]).IsMetAt(200).ShouldBeFalse();
        new ClaimOr([new ClaimBeforeAbsoluteTime(100), new ClaimNot(Before200)]).IsMetAt(150).ShouldBeFalse();
        new ClaimNot(null).IsMetAt(0).ShouldBeFalse();
        new ClaimBeforeRelativeTime(10).IsMetAt(0).ShouldBeFalse();
    }

    [Fact]
    public void Times_that_count_from_the_creation_are_moments_of_the_ledger()
    {
        var within = new ClaimAnd(
            [new ClaimNot(new ClaimBeforeRelativeTime(10)), new ClaimOr([new ClaimBeforeRelativeTime(long.MaxValue), From100])]);

        within.MadeAbsolute(50).ShouldBe(new ClaimAnd(
            [new ClaimNot(new ClaimBeforeAbsoluteTime(60)), new ClaimOr([new ClaimBeforeAbsoluteTime(long.MaxValue), From100])]));
        within.MadeAbsolute(50).FirstMetFrom(50).ShouldBe(60);
        ClaimUnconditional.Instance.MadeAbsolute(50).ShouldBe(ClaimUnconditional.Instance);
    }

    [Fact]
    public void When_a_predicate_first_holds_is_found()
    {
        var between = new ClaimAnd([From100, Before200]);

        ClaimUnconditional.Instance.FirstMetFrom(50).ShouldBe(50);
        Before200.FirstMetFrom(50).ShouldBe(50);
        Before200.FirstMetFrom(200).ShouldBeNull();
        From100.FirstMetFrom(50).ShouldBe(100);
        From100.FirstMetFrom(150).ShouldBe(150);
        between.FirstMetFrom(0).ShouldBe(100);
        between.FirstMetFrom(200).ShouldBeNull();
        new ClaimOr([new ClaimAnd([new ClaimBeforeAbsoluteTime(10), From100]), new ClaimNot(Before200)]).FirstMetFrom(0).ShouldBe(200);
    }
}
