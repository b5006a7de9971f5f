using System.Net;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class PasswordQueueTests
{
    private static readonly ClientAddress One = Network("203.0.113.1");
    private static readonly ClientAddress Two = Network("198.51.100.1");
    private static readonly ClientAddress Three = Network("192.0.2.1");
    private readonly TestClock _clock = new();
    private readonly List<string> _served = [];

    [Fact]
    public async Task As_many_as_may_have_a_turn_at_once_and_the_next_is_of_the_address_that_has_had_none_for_longest()
    {
        var queue = Queue(most: 10);
        var turns = await Task.WhenAll(EnterAsync(queue, One, "first"), EnterAsync(queue, One, "second"));
        var waiting = new[] { (One, "a"), (One, "b"), (One, "c"), (Two, "d"), (Three, "e"), (Two, "f") }
            .Select(who => ServeAsync(queue, who.Item1, who.Item2)).ToArray();
        waiting.ShouldAllBe(each => !each.IsCompleted);

        turns[0].Turn!.Dispose();
        await Task.WhenAll(waiting);

        // The first address has had turns already.
        _served.ShouldBe(["d", "e", "a", "f", "b", "c"]);
        // What was given back twice is one place, not two.
        turns[0].Turn!.Dispose();
        turns[1].Turn!.Dispose();
        (await EnterAsync(queue, One, "x")).Turn.ShouldNotBeNull();
        (await EnterAsync(queue, One, "y")).Turn.ShouldNotBeNull();
        EnterAsync(queue, One, "z").IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task One_address_and_one_account_have_so_many_places_and_no_more()
    {
        var queue = await FullAsync(most: 10, perAddress: 2, perAccount: 3);
        _ = EnterAsync(queue, One, "a");
        _ = EnterAsync(queue, One, "b");
        var address = (await EnterAsync(queue, One, "c")).Refused!;
        _ = EnterAsync(queue, Two, "a");
        var second = EnterAsync(queue, Two, "A");
        // Who has none of an account's places takes one of whoever has most: strangers do not keep its owner out.
        EnterAsync(queue, Three, "a").IsCompleted.ShouldBeFalse();
        ShouldBeBusy(await second);
        var account = (await EnterAsync(queue, Two, "a")).Refused!;

        foreach (var refused in new[] { address, account })
        {
            (refused.Status, refused.Code, refused.RetryAfter).ShouldBe((429, "too_many_sign_ins", TimeSpan.FromSeconds(5)));
        }
    }

    [Fact]
    public async Task Where_all_places_are_taken_the_address_with_the_most_gives_its_last_to_one_with_fewer()
    {
        var queue = await FullAsync(most: 4);
        var first = Enumerable.Range(0, 4).Select(i => EnterAsync(queue, One, $"one-{i}")).ToArray();

        var second = EnterAsync(queue, Two, "two-1");
        ShouldBeBusy(await first[3]);
        var third = EnterAsync(queue, Two, "two-2");
        ShouldBeBusy(await first[2]);

        // Of two that have as many nobody gives way.
        ShouldBeBusy(await EnterAsync(queue, Two, "two-3"));
        ShouldBeBusy(await EnterAsync(queue, One, "one-5"));
        new[] { first[0], first[1], second, third }.ShouldAllBe(each => !each.IsCompleted);
    }

    [Fact]
    public async Task Who_has_very_many_networks_is_one_among_others_all_the_same()
    {
        foreach (var network in new[] { "2001:db8:1:{0}::1", "2001:db8:{0}::1", "192.0.2.{0}" })
        {
            var queue = await FullAsync(most: 4);
            var flood = Enumerable.Range(1, 4).Select(n => EnterAsync(
                queue, Network(network.Replace("{0}", $"{n}", StringComparison.Ordinal)), $"flood-{n}")).ToArray();

            var other = EnterAsync(queue, Network("2001:db9::1"), "other");

            other.IsCompleted.ShouldBeFalse();
            ShouldBeBusy(await flood[3]);
        }
    }

    [Fact]
    public async Task Customers_of_one_carrier_take_turns_in_their_line_by_their_networks()
    {
        // The bug kept away: one customer's flood was in front of all others of his carrier, or took all their places.
        var queue = await FullAsync(most: 20, perAddress: 2);
        var flood = Enumerable.Range(0, 2).Select(n => ServeAsync(queue, Network("2001:db8:1::1"), $"flood-{n}")).ToArray();
        var all = flood.Append(ServeAsync(queue, Network("2001:db8:2::1"), "one"))
            .Append(ServeAsync(queue, Network("192.0.2.1"), "elsewhere")).Append(ServeAsync(queue, Network("2001:db8:3::1"), "two")).ToArray();

        queue.Leave();
        await Task.WhenAll(all);

        // The carrier has one turn in a round.
        _served.ShouldBe(["flood-0", "elsewhere", "one", "two", "flood-1"]);
    }

    [Fact]
    public async Task One_network_of_a_carrier_has_so_many_places_and_the_carrier_four_times_as_many_of_which_the_one_with_most_gives_way()
    {
        var queue = await FullAsync(most: 100, perAddress: 2);
        for (var network = 1; network <= 4; network++)
        {
            var from = Network($"2001:db8:{network}::1");
            var two = Enumerable.Range(0, 2).Select(n => EnterAsync(queue, from, $"{network}-{n}")).ToArray();
            two.ShouldAllBe(each => !each.IsCompleted);
            (await EnterAsync(queue, from, $"{network}-2")).Refused!.Code.ShouldBe("too_many_sign_ins");
        }

        // The carrier's are taken: who has none has one of another's, and no further one.
        var newcomer = EnterAsync(queue, Network("2001:db8:5::1"), "newcomer");
        newcomer.IsCompleted.ShouldBeFalse();
        (await EnterAsync(queue, Network("2001:db8:5::1"), "again")).Refused!.Code.ShouldBe("too_many_sign_ins");
        newcomer.IsCompleted.ShouldBeFalse();
        EnterAsync(queue, Network("2001:dc8::1"), "elsewhere").IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task One_customer_of_a_carrier_keeps_no_other_from_an_account_and_nobody_gives_way_for_who_is_refused()
    {
        // The bug kept away: four logins of a neighbour kept a name out for the whole carrier.
        var queue = await FullAsync(most: 100, perAddress: 4, perAccount: 2);
        var neighbour = Enumerable.Range(0, 2).Select(_ => EnterAsync(queue, Network("2001:db8:1::1"), "bob")).ToArray();
        (await EnterAsync(queue, Network("2001:db8:1::1"), "bob")).Refused!.Code.ShouldBe("too_many_sign_ins");

        EnterAsync(queue, Network("2001:db8:2::1"), "bob").IsCompleted.ShouldBeFalse();

        ShouldBeBusy(await neighbour[1]);
        (await EnterAsync(queue, Network("2001:db8:1::1"), "bob")).Refused!.Code.ShouldBe("too_many_sign_ins");
        neighbour[0].IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Where_all_lines_have_one_the_one_that_had_a_turn_last_gives_way_to_who_has_had_none_for_longer()
    {
        // The bug kept away: as many slow strangers as there are places, each with one request at a time, kept everybody else out.
        var queue = Queue(most: 3);
        var turns = new[] { await EnterAsync(queue, Two, "x"), await EnterAsync(queue, One, "y") };
        ClientAddress[] strangers = [Two, One, Network("192.0.2.9")];
        var waiting = strangers.Select((from, n) => EnterAsync(queue, from, $"stranger-{n}")).ToArray();

        var newcomer = EnterAsync(queue, Network("2001:db8::1"), "newcomer");
        newcomer.IsCompleted.ShouldBeFalse();
        ShouldBeBusy(await waiting[1]);

        // Not to who was served later than all who wait; nor does a newcomer give way to a newcomer.
        ShouldBeBusy(await EnterAsync(queue, One, "again"));
        var another = EnterAsync(queue, Network("2001:dc8::1"), "another");
        another.IsCompleted.ShouldBeFalse();
        ShouldBeBusy(await waiting[0]);
        ShouldBeBusy(await EnterAsync(queue, Network("2001:dd8::1"), "late"));
        waiting[2].IsCompleted.ShouldBeFalse();
        Array.ForEach(turns, turn => turn.Turn!.Dispose());
        (await newcomer).Turn.ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_is_logged_in_waits_in_a_line_of_his_own_that_no_stranger_shortens_and_has_one_of_two_turns()
    {
        var queue = await FullAsync(most: 3);
        var strangers = Enumerable.Range(1, 3).Select(n => ServeAsync(queue, Network($"192.0.{n}.1"), $"stranger-{n}")).ToArray();
        var users = Enumerable.Range(0, 3).Select(n => ServeAsync(queue, UserId.New(_clock), $"user-{n}")).ToArray();
        var newcomers = Enumerable.Range(4, 3).Select(n => EnterAsync(queue, Network($"192.0.{n}.1"), $"newcomer-{n}"));
        foreach (var newcomer in newcomers)
        {
            ShouldBeBusy(await newcomer);
        }

        users.ShouldAllBe(each => !each.IsCompleted);
        queue.Leave();
        await Task.WhenAll([.. strangers, .. users]);
        _served.ShouldBe(["user-0", "stranger-1", "user-1", "stranger-2", "user-2", "stranger-3"]);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_so_long_nor_holds_a_place_that_he_has_left()
    {
        var queue = await FullAsync(most: 2);
        using var left = new CancellationTokenSource();
        var late = EnterAsync(queue, One, "late");
        var gone = queue.EnterAsync(Two, "gone", left.Token);

        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        _clock.Advance(TimeSpan.FromSeconds(5));
        ShouldBeBusy(await late);

        var others = new[] { EnterAsync(queue, One, "late"), EnterAsync(queue, Two, "gone") };
        others.ShouldAllBe(each => !each.IsCompleted);
    }

    private static ClientAddress Network(string address) => ClientAddress.Of(IPAddress.Parse(address));

    private static void ShouldBeBusy((PasswordTurn? Turn, Problem? Refused) entered)
    {
        entered.Turn.ShouldBeNull();
        (entered.Refused!.Status, entered.Refused.Code, entered.Refused.RetryAfter)
            .ShouldBe((503, "sign_in_busy", TimeSpan.FromSeconds(5)));
    }

    private static Task<(PasswordTurn? Turn, Problem? Refused)> EnterAsync(PasswordQueue queue, ClientAddress address, string account) =>
        queue.EnterAsync(address, account, TestContext.Current.CancellationToken);

    private async Task ServeAsync(PasswordQueue queue, ClientAddress address, string account)
    {
        using var turn = (await EnterAsync(queue, address, account)).Turn!;
        _served.Add(account);
    }

    private async Task ServeAsync(PasswordQueue queue, UserId user, string name)
    {
        using var turn = (await queue.EnterAsync(user, TestContext.Current.CancellationToken)).Turn!;
        _served.Add(name);
    }

    private PasswordQueue Queue(int most, int perAddress = 100, int perAccount = 100) => new(
        Options.Create(new PasswordQueueOptions
        {
            Threads = 2, MostWaiting = most, MostWaitingPerAddress = perAddress, MostWaitingPerAccount = perAccount,
        }),
        _clock);

    // Its turns are given.
    private async Task<PasswordQueue> FullAsync(int most, int perAddress = 100, int perAccount = 100)
    {
        var queue = Queue(most, perAddress, perAccount);
        (await EnterAsync(queue, One, "first")).Turn.ShouldNotBeNull();
        (await EnterAsync(queue, One, "second")).Turn.ShouldNotBeNull();
        return queue;
    }
}
