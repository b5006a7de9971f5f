using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Keys;

/// <summary>
/// Walks over all states with a seed that another key than the current one wraps, and has their grains wrap it anew; only
/// they write their state. It is finished when a whole pass finds nothing. Woken by the due index, a second's work at a
/// time, so that it holds up nobody.
/// </summary>
internal sealed partial class KeyRotationGrain(
    [PersistentState(GrainState.KeyRotation, GrainState.Provider)] IPersistentState<KeyRotationState> storage,
    IKeyEncryptionKey keyEncryptionKey,
    IKeyInventory inventory,
    KeyHolderKinds holders,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<KeyRotationGrain> logger) : Grain, IKeyRotationGrain
{
    private const int PageSize = 64;
    private const int Parallelism = 8;
    private const int MaxSeenKeys = 100;

    private static readonly TimeSpan WorkTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailures = TimeSpan.FromMinutes(1);

    // A process learns of a new key within five minutes; until then it may wrap by the one before.
    private static readonly TimeSpan RetireAfter = TimeSpan.FromMinutes(10);

    private KeyRotationState State => storage.State;

    private DateTimeOffset Now => business.GetUtcNow();

    public async Task<KeyReport> StartAsync()
    {
        await storage.ReadStateAsync();
        if (!State.IsRunning)
        {
            State.Asked = true;
            State.DueAt = Now;
            await SaveAsync();
        }

        return await GetAsync();
    }

    public async Task<KeyReport> GetAsync()
    {
        var current = keyEncryptionKey.CurrentKeyId;
        var counts = await inventory.CountAsync(CancellationToken.None);
        var state = State;
        var settled = state is { IsRunning: false, FinishedAt: { } finished }
            && state.TargetKeyId == current && Now - finished >= RetireAfter;
        var keys = counts.Keys.Concat(keyEncryptionKey.KeyIds).Concat(state.SeenKeyIds).Append(current)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(id => (Id: id, Seeds: counts.GetValueOrDefault(id)))
            .Select(key => new KeyUse(key.Id, key.Seeds, settled && key.Seeds == 0 && key.Id != current));
        var all = counts.Values.Sum();
        var done = all == 0 ? 100 : (int)(100m * counts.GetValueOrDefault(current) / all);
        return new KeyReport(current, [.. keys], done, state.StartedAt is null && !state.Asked ? null : View(state));
    }

    public async Task WakeAsync()
    {
        // An operator may have asked by the database.
        await storage.ReadStateAsync();
        if (!State.IsRunning)
        {
            State.DueAt = null;
            await SaveAsync();
            return;
        }

        var target = keyEncryptionKey.CurrentKeyId;
        if (State.Asked || State.TargetKeyId != target)
        {
            await BeginAsync(target);
        }

        var since = time.GetTimestamp();
        do
        {
            await DoPageAsync(target);
        }
        while (State.DueAt <= Now && time.GetElapsedTime(since) < WorkTime);
    }

    private static KeyRotationView View(KeyRotationState state) => new(
        state.TargetKeyId, state.IsRunning, state.StartedAt, state.FinishedAt, state.Rewrapped, state.Failed, state.LastError);

    private async Task BeginAsync(string target)
    {
        var counts = await inventory.CountAsync(CancellationToken.None);
        State.Asked = false;
        State.TargetKeyId = target;
        State.StartedAt = Now;
        State.FinishedAt = null;
        State.Rewrapped = 0;
        State.LastError = null;
        State.SeenKeyIds = [.. State.SeenKeyIds.Union(counts.Keys, StringComparer.Ordinal).Append(target).Distinct().TakeLast(MaxSeenKeys)];
        BeginPass();
        LogBegun(target, counts.Where(pair => pair.Key != target).Sum(pair => pair.Value));
    }

    private void BeginPass()
    {
        (State.AfterStateName, State.AfterGrainKey) = (null, null);
        (State.FoundAny, State.Failed) = (false, 0);
        State.DueAt = Now;
    }

    private async Task DoPageAsync(string target)
    {
        var after = State is { AfterStateName: { } name, AfterGrainKey: { } key } ? new KeyHolder(name, key) : null;
        var page = await inventory.ReadOthersAsync(target, after, PageSize, CancellationToken.None);
        foreach (var some in page.Chunk(Parallelism))
        {
            foreach (var (rewrapped, error) in await Task.WhenAll(some.Select(RewrapAsync)))
            {
                State.Rewrapped += rewrapped;
                State.Failed += error is null ? 0 : 1;
                State.LastError = error ?? State.LastError;
            }
        }

        if (page.Count > 0)
        {
            State.FoundAny = true;
            (State.AfterStateName, State.AfterGrainKey) = (page[^1].StateName, page[^1].GrainKey);
            State.DueAt = Now;
        }
        else
        {
            EndPass();
        }

        await SaveAsync();
    }

    private void EndPass()
    {
        if (!State.FoundAny)
        {
            State.FinishedAt = Now;
            State.DueAt = null;
            State.LastError = null;
            LogFinished(State.TargetKeyId, State.Rewrapped);
            return;
        }

        var pause = State.Failed > 0 ? PauseAfterFailures : TimeSpan.Zero;
        if (State.Failed > 0)
        {
            LogPassFailed(State.Failed, State.LastError);
        }

        BeginPass();
        State.DueAt = Now + pause;
    }

    private async Task<(int Rewrapped, string? Error)> RewrapAsync(KeyHolder holder)
    {
        try
        {
            return holders.Find(GrainFactory, holder) is { } grain
                ? (await grain.RewrapAsync(), null)
                : (0, $"No grain is known that holds the state {holder.StateName} of {holder.GrainKey}.");
        }
        catch (Exception exception)
        {
            LogFailed(exception, holder.StateName, holder.GrainKey);
            return (0, $"{holder.GrainKey}: {exception.GetType().Name}");
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            // Every call that decides anything reads again first; what was wrapped anew stays so.
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(1601, LogLevel.Information, "Rotation to {KeyId} begins: {Seeds} seeds are wrapped by other keys.")]
    private partial void LogBegun(string keyId, long seeds);

    [LoggerMessage(1602, LogLevel.Information, "Rotation to {KeyId} is finished: {Rewrapped} data keys were wrapped anew.")]
    private partial void LogFinished(string? keyId, long rewrapped);

    [LoggerMessage(1603, LogLevel.Warning, "In this pass of the rotation {Failed} grains could not do it ({LastError}); another pass follows in a minute.")]
    private partial void LogPassFailed(long failed, string? lastError);

    [LoggerMessage(1604, LogLevel.Warning, "The data keys of {StateName} {GrainKey} could not be wrapped anew.")]
    private partial void LogFailed(Exception exception, string stateName, string grainKey);
}
