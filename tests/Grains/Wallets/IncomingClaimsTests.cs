using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Network;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>Which of the balances that others set aside are remembered and claimed, however many there are.</summary>
public sealed class IncomingClaimsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly WalletState _state = new() { Owner = "usr_1", Address = FakeNetwork.NewAddress() };
    private readonly WalletBook _book;

    public IncomingClaimsTests() =>
        _book = new WalletBook(_state, new WalletEvents("wal_1", _state, [], new TestClock()), ClaimRules.Of([], "0.0000001"));

    private IncomingClaims Claims => _book.Claims.Incoming;

    [Fact]
    public void The_larger_takes_the_place_of_the_smallest_and_goes_first()
    {
        Fill(stroops: 5);

        Offer("large", 6).ShouldBe(ClaimOffer.Displaced);
        Offer("small", 4).ShouldBe(ClaimOffer.Full);
        Offer("as-large", 5).ShouldBe(ClaimOffer.Full);

        _state.Claims!.Count.ShouldBe(IncomingClaims.Most);
        _book.Claims.Next()[0].BalanceId.ShouldBe("large");
    }

    [Fact]
    public void What_can_be_claimed_goes_before_what_cannot_however_large_that_is()
    {
        Fill(stroops: 1_000, lookAt: Noon.AddDays(300));

        Offer("now", 1).ShouldBe(ClaimOffer.Displaced);
        Offer("to-be-looked-at", 1, Noon).ShouldBe(ClaimOffer.Displaced);
        Offer("sooner", 1, Noon.AddDays(299)).ShouldBe(ClaimOffer.Displaced);
        Offer("later", 1_000_000, Noon.AddDays(301)).ShouldBe(ClaimOffer.Full);

        _book.Claims.Next().Select(order => order.BalanceId).ShouldBe(["now"]);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(30, 60)]
    [InlineData(120, 120)]
    [InlineData(100_000, 24 * 60)]
    public void For_what_was_not_remembered_the_network_is_asked_when_it_can_be_claimed_hourly_at_most_and_daily_at_least(
        int claimableInMinutes, int askedAfterMinutes)
    {
        Claims.AskAgain(Noon.AddMinutes(claimableInMinutes), Noon);
        Claims.AskAgain(Noon.AddDays(400), Noon);

        _state.SweepAt.ShouldBe(Noon.AddMinutes(askedAfterMinutes));
    }

    [Fact]
    public void While_the_network_is_being_asked_it_is_noted_that_it_is_to_be_asked_again()
    {
        _state.SweepAt = Noon;

        Claims.AskAgain(null, Noon);

        _state.SweepAt.ShouldBe(Noon);
        _state.Scan!.Next(null, ["native", "other"])!.Again.ShouldBe(Noon + IncomingClaims.ClaimPause);
    }

    [Fact]
    public void When_all_are_claimed_the_network_is_asked_for_the_rest_a_minute_later()
    {
        Fill(stroops: 5);
        Offer("small", 4);
        _state.SweepAt.ShouldBe(Noon + IncomingClaims.ClaimPause);

        Sign();
        _book.Submissions.Land(9, "outer", Noon);

        _state.Claims.ShouldBeNull();
        _state.SweepAt.ShouldBe(Noon + IncomingClaims.RoomPause);
    }

    // The bug kept away: whoever set aside, again and again, what he took back at once sank every transaction of the wallet's claims.
    [Fact]
    public void A_claim_that_another_sank_goes_without_those_that_came_since_whatever_they_are_worth()
    {
        Offer("real", 500);
        Offer("taken-back", 1_000);
        Sign().ShouldBe(["taken-back", "real"]);
        _book.Submissions.Refuse(Failed("op_does_not_exist", "op_success"), Noon);
        Claims.Find("taken-back").ShouldBeNull();

        Offer("another", 1_000);
        Sign().ShouldBe(["real"]);
        _book.Submissions.Land(9, "outer", Noon);
        Sign().ShouldBe(["another"]);
    }

    [Fact]
    public void Claims_that_others_of_their_number_sank_twice_go_one_by_one()
    {
        Offer("one", 500);
        Offer("two", 400);
        Offer("first-back", 2_000);
        Offer("second-back", 1_000);
        Sign().ShouldBe(["first-back", "second-back", "one", "two"]);
        _book.Submissions.Refuse(Failed("op_does_not_exist", "op_success", "op_success", "op_success"), Noon);
        Sign().ShouldBe(["second-back", "one", "two"]);
        _book.Submissions.Refuse(Failed("op_does_not_exist", "op_success", "op_success"), Noon);

        Sign().ShouldBe(["one"]);
        _book.Submissions.Land(9, "outer", Noon);
        Sign().ShouldBe(["two"]);
    }

    // The bug kept away: fifty claims whose transactions came too late went out one by one.
    [Fact]
    public void Claims_whose_transaction_came_too_late_go_together_again()
    {
        Offer("one", 2);
        Offer("other", 1);
        for (var i = 0; i < 2; i++)
        {
            Sign().ShouldBe(["one", "other"]);
            _book.Submissions.Refuse(new SubmissionReport(SubmissionOutcome.Terminal, "tx_too_late"), Noon);
        }

        Sign().ShouldBe(["one", "other"]);
    }

    private static SubmissionReport Failed(params string[] codes) =>
        new(SubmissionOutcome.Terminal, codes.First(c => c != "op_success"), 9, OperationCodes: codes);

    private void Fill(long stroops, DateTimeOffset? lookAt = null)
    {
        for (var i = 0; i < IncomingClaims.Most; i++)
        {
            Offer($"spam-{i}", stroops, lookAt).ShouldBe(ClaimOffer.Remembered);
        }
    }

    private ClaimOffer Offer(string id, long stroops, DateTimeOffset? lookAt = null) =>
        Claims.Offer(id, "native", stroops, lookAt, Noon);

    private string[] Sign()
    {
        var next = _book.Claims.Next();
        _book.Submissions.Sign(new Submission
        {
            InnerHash = "inner", Hashes = ["outer"], SequenceNumber = 7,
            Operations = [.. next.Select(order => new SubmittedOperation(order.Subject))],
        });
        return [.. next.Select(order => order.BalanceId)];
    }
}
