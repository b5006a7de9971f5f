using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Frontdoor.TestClocks;

/// <summary>Makes test clocks, moves them on, and says what may be made under them.</summary>
internal sealed class TestClockDesk(
    ITestClocks clocks, IOptions<TestClockOptions> options, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private const int LongestName = 300;
    private static readonly TimeSpan MostAtOnce = TimeSpan.FromDays(366);

    // Years that every calendar here knows, however often one is moved on.
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(5 * 366);

    public async Task<(TestClock? Clock, Problem? Problem)> CreateAsync(
        MerchantCaller caller, NewTestClockRequest request, CancellationToken cancellationToken)
    {
        var now = business.GetUtcNow();
        var (frozen, problem) = ReadTime(request.FrozenTime, now - Farthest, now + Farthest, "at most five years from now");
        if (problem is not null)
        {
            return (null, problem);
        }

        if (request.Name is { } name && !IsText(name))
        {
            return (null, Problem.Invalid("name_invalid", $"'name' has 1 to {LongestName} characters.", "name"));
        }

        var clock = new TestClock(
            TestClockId.New(business), caller.Merchant, request.Name, now, now + TimeSpan.FromDays(options.Value.KeptDays), frozen);
        return await clocks.AddAsync(clock, options.Value.ClocksPerMerchant, caller.Key, cancellationToken)
            ? (clock, null)
            : (null, Problem.Of(new Error(
                ErrorKind.Refused, "too_many_test_clocks", $"You can have {options.Value.ClocksPerMerchant} test clocks.")));
    }

    public async Task<(TestClock? Clock, Problem? Problem)> AdvanceAsync(
        MerchantCaller caller, TestClockId id, AdvanceTestClockRequest request, CancellationToken cancellationToken)
    {
        var merchant = caller.Merchant;
        if (await clocks.FindAsync(merchant, id, cancellationToken) is not { } clock)
        {
            return (null, TestClocksApi.NotFound);
        }

        var farthest = clock.FrozenTime + MostAtOnce;
        var latest = business.GetUtcNow() + (2 * Farthest);
        var (target, problem) = ReadTime(
            request.FrozenTime, DateTimeOffset.UnixEpoch, farthest < latest ? farthest : latest,
            "later than the clock stands, by 366 days at most, and ten years from now at most");
        if (problem is not null)
        {
            return (null, problem);
        }

        return await clocks.AdvanceAsync(merchant, id, target, caller.Key, cancellationToken) switch
        {
            "moving" => (await clocks.FindAsync(merchant, id, cancellationToken), TestClocksApi.NotFound),
            "advancing" => (null, Advancing),
            "backwards" => (null, Problem.Invalid(
                "frozen_time_invalid", "'frozen_time' is later than the clock stands: test clocks go forward only.", "frozen_time")),
            _ => (null, TestClocksApi.NotFound),
        };
    }

    /// <summary>A place under a merchant's clock, which a session is to take.</summary>
    public ISessionClaim PlaceUnder(MerchantId merchant, TestClockId clock) =>
        new Place(clocks, merchant, clock, options.Value.SessionsPerClock);

    // Half a character is none.
    private static bool IsText(string name) => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl)
        && !name.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);

    private static Problem Advancing { get; } = Problem.Of(new Error(
        ErrorKind.Conflict, "test_clock_advancing", "The test clock is advancing. Please try again when it is ready.",
        RetryAfter: TimeSpan.FromSeconds(1)));

    private static (DateTimeOffset Time, Problem? Problem) ReadTime(
        long? seconds, DateTimeOffset from, DateTimeOffset to, string rule) => seconds switch
        {
            null => (default, Problem.Missing("frozen_time")),
            { } some when some >= from.ToUnixTimeSeconds() && some <= to.ToUnixTimeSeconds() =>
                (DateTimeOffset.FromUnixTimeSeconds(some), null),
            _ => (default, Problem.Invalid(
                "frozen_time_invalid", $"'frozen_time' is a time in seconds of Unix time, {rule}.", "frozen_time")),
        };

    private sealed class Place(ITestClocks clocks, MerchantId merchant, TestClockId clock, int most) : ISessionClaim
    {
        public bool IsOfStock => false;

        public string? Origin => null;

        public async Task<Problem?> TakeAsync(PaymentSessionId session, CancellationToken cancellationToken) =>
            await clocks.AdmitAsync(merchant, clock, most, cancellationToken) switch
            {
                "admitted" => null,
                "moving" => Problem.Of(new Error(
                    ErrorKind.Conflict, "test_clock_advancing", "The test clock is advancing. Please try again when it is ready.", "test_clock")),
                "full" => Problem.Of(new Error(
                    ErrorKind.Refused, "test_clock_full", $"{most} payment sessions were made under the test clock, the most.", "test_clock")),
                _ => TestClocksApi.NoSuchClock("test_clock"),
            };

        public Task GiveBackAsync(PaymentSessionId session) => clocks.GiveBackAsync(clock, CancellationToken.None);
    }
}
