using StellarPay.Grains.Merchants;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// By which clock a session lives: the system's, or the test clock that it was made under, which it looks at before each turn. What it is
/// woken for by itself after a failure is on the system's clock always. For one activation.
/// </summary>
internal sealed class SessionClock(ITestClocks clocks, MerchantClocks system)
{
    /// <summary>Why a session is cancelled whose clock is deleted.</summary>
    public const string Deleted = "test_clock_deleted";

    private TestClockTime? _seen;

    private static readonly Error NoSuchClock =
        new(ErrorKind.InvalidRequest, "test_clock_not_found", "There is no such test clock.", "test_clock");

    private static readonly Error Moving =
        new(ErrorKind.Conflict, "test_clock_advancing", "The test clock is advancing. Please try again when it is ready.", "test_clock");

    /// <summary>The system's time.</summary>
    public DateTimeOffset System => system.Business.GetUtcNow();

    /// <summary>Whether the clock is deleted, with which all ends that is open.</summary>
    public bool IsGone => _seen?.IsGone == true;

    /// <summary>The session's time. One that came to be in this very turn by another's word was made at the time that it has.</summary>
    public DateTimeOffset NowOf(PaymentSessionState state) => state.Clock is null ? System : _seen?.Now ?? state.CreatedAt;

    /// <summary>Whether its end has come: for one by a test clock when that came to stand there, or past it.</summary>
    public bool IsOver(PaymentSessionState state) => state.Clock is null ? state.ExpiresAt <= System : state.EndLedger is not null;

    /// <summary>
    /// Looks what time it is. The first look that finds its end passed notes up to which ledger all had been read by then: what is of a
    /// later one came too late, and what is of these did not, whenever it is judged.
    /// </summary>
    public async Task LookAsync(PaymentSessionState state)
    {
        if (state.Clock is not { } clock)
        {
            return;
        }

        // One that was removed at the moment in which this came to be, and was under nobody's count, stands where it began.
        _seen = await clocks.FindTimeAsync(clock, CancellationToken.None)
            ?? new TestClockTime(state.Merchant!, state.CreatedAt, Ledger: 0, IsReady: false, IsGone: true);
        Note(state);
    }

    /// <summary>
    /// Whether its test clock is at a moment by now, or past it; it may be asked beside the turns, which it tells nothing.
    /// </summary>
    public async Task<bool> HasPassedAsync(PaymentSessionState state, DateTimeOffset moment) =>
        state.Clock is { } clock && await clocks.FindTimeAsync(clock, CancellationToken.None) is { } seen
        && (seen.IsGone || moment <= seen.Now);

    /// <summary>
    /// Notes in the state what the look before this turn found; also in one that was read anew within the turn, which forgot it.
    /// </summary>
    public void Note(PaymentSessionState state)
    {
        if (_seen is not null && state is { Clock: not null, Status: PaymentSessionStatus.Created, EndLedger: null }
            && (_seen.IsGone || state.ExpiresAt <= _seen.Now))
        {
            state.EndLedger = _seen.Ledger;
        }
    }

    /// <summary>Looks at the clock that a session is to be made under; why it cannot be, or null.</summary>
    public async Task<Error?> LookAsync(string merchant, string? clock)
    {
        if (clock is null)
        {
            return null;
        }

        var seen = await clocks.FindTimeAsync(clock, CancellationToken.None);
        if (seen is null || seen.Merchant != merchant || seen.IsGone)
        {
            return NoSuchClock;
        }

        _seen = seen;
        return seen.IsReady ? null : Moving;
    }

    /// <summary>Says in the state when it is to be woken next, and by which clock.</summary>
    /// <param name="state">The state.</param>
    /// <param name="patience">For how long a refund waits for money.</param>
    public void PutDue(PaymentSessionState state, TimeSpan patience)
    {
        // Its end has passed, and it could not be said yet that nothing came in time: what that waits for comes by no test clock.
        var waits = state is { Status: PaymentSessionStatus.Created, EndLedger: not null, Delays: > 0 };
        state.Delays = state.Undecided.Count > 0 || waits ? state.Delays : 0;
        DateTimeOffset? decides = state.Undecided.Count > 0 || waits ? System + AutomaticExcess.ResumeAfter(state.Delays) : null;
        // Whoever is written all the time is woken all the same.
        decides = state.DueAt > System && state.DueAt < decides ? state.DueAt : decides;
        // What cannot even begin, since what was to begin it was set aside, is woken for nothing. What has an account of its own hears from
        // that when all that came there is read, before which it cannot end.
        state.DueAt = state.Merchant is null ? null
            : state.Clock is not null || state.Status != PaymentSessionStatus.Created || state.Own is { IsRead: false }
                || decides < state.ExpiresAt ? decides
            : state.ExpiresAt;
        var address = RefundAddressBook.NextOf(state);
        state.DueAt = state.Clock is null ? Earlier(state.DueAt, address) : state.DueAt;
        state.DueAt = Earlier(state.DueAt, SessionSignings.LookAt(state));
        DateTimeOffset? ends = state.Status == PaymentSessionStatus.Created && !waits ? state.ExpiresAt : null;
        var refunds = RefundBook.PatienceEnds(state, patience);
        state.ClockDueAt = state.Clock is null ? null : Earlier(Earlier(ends, refunds), address);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
