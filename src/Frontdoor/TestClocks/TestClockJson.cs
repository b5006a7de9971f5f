using StellarPay.Grains.TestClocks;

namespace StellarPay.Frontdoor.TestClocks;

/// <summary>A test clock in Stripe's shape.</summary>
/// <param name="Id">Its id, <c>clock_…</c>.</param>
/// <param name="Object">Always <c>test_helpers.test_clock</c>.</param>
/// <param name="Created">When it was made, in seconds of Unix time.</param>
/// <param name="DeletesAfter">When it is deleted by itself.</param>
/// <param name="FrozenTime">Where it stands.</param>
/// <param name="Livemode">Always false.</param>
/// <param name="Name">What its merchant calls it, or null.</param>
/// <param name="Status">ready, advancing or internal_failure (what was due could not be done; advance it again, or delete it).</param>
/// <param name="StatusDetails">Whither it goes.</param>
internal sealed record TestClockJson(
    string Id, string Object, long Created, long DeletesAfter, long FrozenTime, bool Livemode, string? Name, string Status,
    TestClockDetailsJson StatusDetails)
{
    public static TestClockJson Of(TestClock clock) => new(
        clock.Id.Value, "test_helpers.test_clock", clock.CreatedAt.ToUnixTimeSeconds(), clock.DeletesAfter.ToUnixTimeSeconds(),
        clock.FrozenTime.ToUnixTimeSeconds(), Livemode: false, clock.Name, clock.Status,
        new TestClockDetailsJson(
            clock is { Status: "advancing", Target: { } target } ? new TestClockTargetJson(target.ToUnixTimeSeconds()) : null));
}

/// <summary>More of a test clock's status.</summary>
/// <param name="Advancing">Whither it goes; null where it stands.</param>
internal sealed record TestClockDetailsJson(TestClockTargetJson? Advancing);

/// <summary>Whither a test clock goes.</summary>
/// <param name="TargetFrozenTime">The time, in seconds of Unix time.</param>
internal sealed record TestClockTargetJson(long TargetFrozenTime);

/// <summary>That a test clock is deleted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>test_helpers.test_clock</c>.</param>
/// <param name="Deleted">Always true.</param>
internal sealed record DeletedTestClockJson(string Id, string Object, bool Deleted);

/// <summary>A test clock to be.</summary>
/// <param name="FrozenTime">Where it stands first, in seconds of Unix time: at most five years from now, in either direction.</param>
/// <param name="Name">What its merchant calls it, at most 300 characters. Or null.</param>
internal sealed record NewTestClockRequest(long? FrozenTime, string? Name);

/// <summary>Whither a test clock is to go.</summary>
/// <param name="FrozenTime">The time, in seconds of Unix time: later than it stands, by 366 days at most.</param>
internal sealed record AdvanceTestClockRequest(long? FrozenTime);
