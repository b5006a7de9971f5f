using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;

namespace StellarPay.Grains.Tests.Platform;

/// <summary>Who goes into the next transaction: nobody waits for whoever makes it fail.</summary>
public sealed class OpeningGroupsTests
{
    private readonly OpeningGroups _groups = new();

    [Fact]
    public void As_many_as_have_room_go_together_in_their_order() =>
        Take(Waiting(25)).ShouldBe(Names(0, 19));

    [Fact]
    public void Who_is_to_blame_goes_alone_and_after_all_others_however_early_he_came()
    {
        _groups.Blame(["G00"]);
        var waiting = Waiting(30);

        Take(waiting).ShouldBe(Names(1, 19));
        Take(waiting).ShouldBe(Names(20, 10));
        Take(waiting).ShouldBe(["G00"]);
        Take(waiting).ShouldBeEmpty();
    }

    [Fact]
    public void A_wallet_that_remembers_that_it_was_to_blame_goes_alone_before_this_sponsor_knows()
    {
        List<OpeningApplicant> waiting = [New("GA", alone: true), New("GB", alone: true), New("GC")];

        Take(waiting).ShouldBe(["GC"]);
        Take(waiting).ShouldBe(["GA"]);
        Take(waiting).ShouldBe(["GB"]);
    }

    [Fact]
    public void Where_nobody_knows_who_is_to_blame_those_that_failed_meet_in_smaller_groups_after_those_that_did_not()
    {
        _groups.Failed(Names(0, 19));
        var waiting = Waiting(20);

        Take(waiting).ShouldBe(["G19"]);
        Take(waiting).ShouldBe(Names(0, 6));
        _groups.Failed(Names(0, 6));
        waiting.InsertRange(0, Waiting(6));
        Take(waiting).ShouldBe(Names(6, 6));
    }

    [Fact]
    public void However_many_others_come_one_that_failed_has_its_turn_now_and_then()
    {
        _groups.Blame(["GZ"]);
        List<OpeningApplicant> waiting = [New("GZ")];
        var turns = 0;
        for (; waiting.Count > 0 && waiting[0].Address == "GZ" && turns < 50; turns++)
        {
            waiting.AddRange(Waiting(19));
            _groups.Take(waiting);
        }

        turns.ShouldBe(9);
    }

    [Fact]
    public void Who_was_opened_is_to_blame_no_more()
    {
        _groups.Blame(["G00"]);
        _groups.IsAlone("G00").ShouldBeTrue();

        _groups.Succeeded(["G00"]);

        _groups.IsAlone("G00").ShouldBeFalse();
        Take(Waiting(2)).ShouldBe(["G00", "G01"]);
    }

    private string[] Take(List<OpeningApplicant> waiting) => [.. _groups.Take(waiting).Select(applicant => applicant.Address)];

    private static List<OpeningApplicant> Waiting(int count) => [.. Names(0, count).Select(name => New(name))];

    private static string[] Names(int first, int count) => [.. Enumerable.Range(first, count).Select(n => $"G{n:00}")];

    private static OpeningApplicant New(string address, bool alone = false) =>
        new(new OpeningRequest(address, Create: true, ["USDC:GISSUER"], alone));
}
