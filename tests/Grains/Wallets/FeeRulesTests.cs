using StellarPay.Grains.Accounts;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

public sealed class FeeRulesTests
{
    [Theory]
    [InlineData(2000, null, 20_000)] // ten times, which replaces what waits
    [InlineData(200, 5000, 5000)] // what the network asks for, if that is more
    [InlineData(2000, 5000, 20_000)]
    [InlineData(5000, null, 20_000)] // never more than the ceiling
    [InlineData(2000, 900_000, 20_000)]
    [InlineData(long.MaxValue / 2, null, null)]
    [InlineData(20_000, null, null)] // no less than before
    public void The_next_bid_is_ten_times_the_last_or_what_is_needed_within_the_ceiling(long bid, int? needed, int? next) =>
        FeeRules.NextBid(bid, needed, maxPerOperation: 10_000, operations: 1, bids: 1).ShouldBe(next);

    [Theory]
    [InlineData(2000, null, 2500, 2500)] // never more than it is worth
    [InlineData(2000, 900_000, 2500, 2500)]
    [InlineData(2000, null, 1_000_000, 20_000)] // nor than the ceiling, whatever it is worth
    [InlineData(2000, null, 2000, null)]
    [InlineData(2000, null, 0, null)] // nobody knows what it is worth
    public void No_bid_is_more_than_what_it_is_for_is_worth(long bid, int? needed, long worth, int? next) =>
        FeeRules.NextBid(bid, needed, maxPerOperation: 10_000, operations: 1, bids: 1, worth).ShouldBe(next);

    [Fact]
    public void After_four_bids_there_is_no_other() =>
        FeeRules.NextBid(200, null, maxPerOperation: 10_000, operations: 1, bids: 4).ShouldBeNull();
}
