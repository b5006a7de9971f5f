using StellarPay.Frontdoor.Webhooks.Delivery;

namespace StellarPay.Frontdoor.Tests.Webhooks;

public sealed class FirstTriesTests
{
    [Fact]
    public void An_objects_next_waits_for_the_one_before_and_others_do_not()
    {
        var tries = new FirstTries(10, []);
        tries.Add([Event(11, "a"), Event(12, "a"), Event(14, "b"), Event(15, "a")], 16);

        var first = tries.Next()!;
        var other = tries.Next()!;
        (first.Number, other.Number, tries.Next()).ShouldBe((11, 14, null));
        tries.Number.ShouldBe(10);

        tries.Done(other);
        (tries.Number, tries.Ahead).ShouldBe((10L, [14L]), Same);
        tries.Done(first);
        // Twelve is next of a; thirteen was not for the endpoint.
        (tries.Number, tries.Next()!.Number).ShouldBe((11, 12));
    }

    [Fact]
    public void Once_all_are_done_it_has_come_to_the_end_of_what_was_read_wanted_or_not()
    {
        var tries = new FirstTries(0, [3]);
        tries.Add([Event(2, "a")], 2);
        tries.IsDone(3).ShouldBeTrue();
        tries.Done(tries.Next()!);
        (tries.Number, tries.Ahead).ShouldBe((2L, [3L]), Same);

        tries.Add([], 64);
        (tries.Number, tries.Ahead).ShouldBe((64L, []), Same);
    }

    [Fact]
    public void No_more_is_read_while_the_first_that_is_not_done_is_far_behind()
    {
        var tries = new FirstTries(0, []);
        tries.Add([Event(1, "a")], 64);
        var slow = tries.Next()!;
        var reads = 0;
        while (tries.HasRoom(64))
        {
            tries.Add([], tries.LastRead + 64);
            reads++;
        }

        reads.ShouldBe(6);
        tries.Number.ShouldBe(0);
        tries.Done(slow);
        tries.HasRoom(64).ShouldBeTrue();
    }

    private static readonly IEqualityComparer<(long Number, long[] Ahead)> Same =
        EqualityComparer<(long Number, long[] Ahead)>.Create(
            (one, other) => one.Number == other.Number && one.Ahead.SequenceEqual(other.Ahead));

    private static OutgoingEvent Event(long number, string session) =>
        new(number, $"evt_{number}", "payment_session.created", session, 1, default, []) { IsFirst = true };
}
