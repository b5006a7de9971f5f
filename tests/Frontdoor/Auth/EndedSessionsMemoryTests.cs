using Microsoft.Extensions.Time.Testing;
using StellarPay.Frontdoor.Auth.Sessions;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class EndedSessionsMemoryTests
{
    private readonly FakeTimeProvider _machine = new();
    private readonly FakeTimeProvider _business = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Nothing_is_believed_before_all_that_was_ended_is_loaded()
    {
        var ended = New();
        ended.Caught(_machine.GetTimestamp());
        ended.AreCurrent.ShouldBeFalse();

        ended.Load([("ses_1", _business.GetUtcNow())], _machine.GetTimestamp());

        ended.AreCurrent.ShouldBeTrue();
        ended.Contains("ses_1").ShouldBeTrue();
        ended.Contains("ses_2").ShouldBeFalse();
    }

    [Fact]
    public void What_was_learned_more_than_four_seconds_ago_is_not_enough()
    {
        var ended = New();
        ended.Load([], _machine.GetTimestamp());
        _machine.Advance(TimeSpan.FromSeconds(4));
        ended.AreCurrent.ShouldBeTrue();
        _machine.Advance(TimeSpan.FromMilliseconds(1));
        ended.AreCurrent.ShouldBeFalse();

        ended.Caught(_machine.GetTimestamp());

        ended.AreCurrent.ShouldBeTrue();
    }

    [Fact]
    public void A_session_is_remembered_until_its_last_access_token_is_over_and_no_longer()
    {
        // The bug kept away: all were remembered for as long as any token may hold by any settings, so that a few accounts filled it.
        var ended = New();
        ended.Load([], _machine.GetTimestamp());
        ended.Add("ses_1", _business.GetUtcNow() + TimeSpan.FromHours(1));
        ended.Add("ses_old", _business.GetUtcNow() - EndedSessions.Margin);
        ended.Contains("ses_old").ShouldBeFalse();
        _business.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(9));
        ended.Caught(_machine.GetTimestamp());
        ended.Contains("ses_1").ShouldBeTrue();

        _business.Advance(TimeSpan.FromMinutes(1));
        ended.Caught(_machine.GetTimestamp());

        ended.Contains("ses_1").ShouldBeFalse();
    }

    [Fact(Explicit = true)]
    public void More_than_it_can_hold_makes_it_ask_and_not_forget()
    {
        var ended = New();
        ended.Load([], _machine.GetTimestamp());
        for (var i = 0; i < EndedSessions.Capacity; i++)
        {
            ended.Add($"ses_{i}", _business.GetUtcNow());
        }

        ended.AreCurrent.ShouldBeTrue();
        ended.Add("ses_0", _business.GetUtcNow());
        ended.AreCurrent.ShouldBeTrue();

        ended.Add("ses_more", _business.GetUtcNow());

        ended.AreCurrent.ShouldBeFalse();
        ended.Caught(_machine.GetTimestamp());
        ended.AreCurrent.ShouldBeFalse();
        ended.Contains("ses_0").ShouldBeTrue();
    }

    private EndedSessions New() => new(_machine, _business);
}
