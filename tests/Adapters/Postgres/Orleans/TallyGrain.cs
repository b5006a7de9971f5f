using System.Text.Json;
using Orleans.Storage;
using StellarPay.Grains.Events;
using StellarPay.Grains.Storage;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

internal sealed class TallyGrain(
    [PersistentState(TallyGrain.StateName, GrainState.Provider)] IPersistentState<TallyState> state)
    : Grain, ITallyGrain, IRemindable
{
    public const string StateName = "tests_tally";

    public async Task<int> AddAsync(int by, string? eventId, DateTimeOffset? dueAt)
    {
        state.State.Sum += by;
        state.State.DueAt = dueAt;
        state.State.Outbox = eventId is null
            ? []
            :
            [
                new OutboxEvent(
                    eventId, "tally.added", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
                    this.GetPrimaryKeyString(), null, JsonSerializer.SerializeToElement(new { by })),
            ];
        await state.WriteStateAsync();
        return state.State.Sum;
    }

    public Task<int> GetAsync() => Task.FromResult(state.State.Sum);

    public Task<bool> ExistsAsync() => Task.FromResult(state.RecordExists);

    public Task ClearAsync() => state.ClearStateAsync();

    public async Task<string?> TryAddAsync(int by)
    {
        try
        {
            state.State.Sum += by;
            await state.WriteStateAsync();
            return null;
        }
        catch (InconsistentStateException e)
        {
            await state.ReadStateAsync();
            return e.GetType().Name;
        }
    }

    public Task RemindAsync(string name, TimeSpan due, TimeSpan period) =>
        this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> ForgetAsync(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

internal sealed class TallyState
{
    public int Sum { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public List<OutboxEvent> Outbox { get; set; } = [];
}
