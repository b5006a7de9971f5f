using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Grains.Nudges;

/// <summary>Decides, writes, and only then replies; should the write fail, what is stored is read again before anybody is served.</summary>
internal sealed class NudgeGrain(
    [PersistentState(NudgeState.Name, GrainState.Provider)] IPersistentState<NudgeState> storage,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<NudgeGrain> logger)
    : DurableGrain<NudgeState>(storage, logger), INudgeGrain
{
    private const int LongestText = 100;

    public async Task<Result<DateTimeOffset>> SetAsync(UserId caller, string text, DateTimeOffset at)
    {
        if (NudgeKeys.Of(caller) != GrainKey)
        {
            return new Error(ErrorKind.NotFound, "nudge_not_found", "There is no such nudge.");
        }

        if (text is not { Length: > 0 and <= LongestText })
        {
            return new Error(ErrorKind.InvalidRequest, "nudge_text_invalid", "'text' has 1 to 100 characters.", "text");
        }

        if (at <= business.GetUtcNow())
        {
            return new Error(ErrorKind.InvalidRequest, "nudge_time_invalid", "'at' is in the future.", "at");
        }

        (State.Owner, State.Text, State.DueAt) = (caller.Value, text, at.ToUniversalTime());
        await WriteAsync();
        return State.DueAt.Value;
    }

    // May come late, twice or never: what is due is decided from state and time.
    public async Task WakeAsync()
    {
        var now = business.GetUtcNow();
        if (State.DueAt is { } due && due <= now)
        {
            State.DueAt = null;
            State.Outbox.Add(new OutboxEvent(
                EventId.New(business).Value, "nudge.due", now, GrainKey, State.Owner, EventJson.Write(new { State.Text })));
            await WriteAsync();
        }
    }

    // Nothing of this grain looks at one state object for longer than a turn.
    protected override void Attach()
    {
    }
}
