using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Tests.World;

/// <summary>What a world stores, in memory or in PostgreSQL, and what tests do to it behind the grains' backs.</summary>
internal abstract class WorldStorage
{
    /// <summary>Orleans' service id: the first key of every row.</summary>
    public string ServiceId { get; } = $"tests_{Guid.NewGuid():N}";

    /// <summary>Every event that was stored, in order.</summary>
    public abstract JsonObject[] Events { get; }

    /// <summary>Where states are stored.</summary>
    public abstract (string State, string Key)[] Places { get; }

    /// <summary>All that is stored, as text.</summary>
    public string AllText => TextWithout();

    /// <summary>All that is stored but states of some names, as text: of those that the platform writes in its own time.</summary>
    public string TextWithout(params string[] states) => string.Join('\n', Places
        .Where(place => !states.Contains(place.State))
        .SelectMany(place => Rows(place.State, place.Key).Values.Prepend(Stored(place.State, place.Key)))
        .Select(stored => stored.ToJsonString())
        .Concat(Events.Select(e => e.ToJsonString())));

    /// <summary>The writes that are to fail.</summary>
    protected FailingWrites Failures { get; } = new();

    /// <summary>The next write of that state whose JSON fulfils the condition fails.</summary>
    public void FailNextWrite(string stateName, Failing how, Func<string, bool>? when = null) =>
        Failures.Add(stateName, how, when);

    /// <summary>The next write of a user's wallet fails; those of others in the same world, which may just come to rest, do not.</summary>
    public void FailNextWriteOf(TestUser user, Failing how) =>
        FailNextWrite(GrainState.Wallet, how, json => json.Contains($"\"{user.Id.Value}\"", StringComparison.Ordinal));

    /// <summary>The next so many reads of that state fail.</summary>
    public void FailReads(string stateName, int count) => Failures.AddReads(stateName, count);

    /// <summary>No write fails any more.</summary>
    public void ForgetFailures() => Failures.Clear();

    /// <summary>What is stored, or null.</summary>
    public abstract JsonObject? Find(string stateName, string key);

    public JsonObject Stored(string stateName, string key) =>
        Find(stateName, key) ?? throw new KeyNotFoundException($"No {stateName} of {key} is stored.");

    /// <summary>The rows of a state, by their keys in order.</summary>
    public abstract IReadOnlyDictionary<string, JsonObject> Rows(string stateName, string key);

    /// <summary>The rows of a wallet's payments; of one millisecond in any order.</summary>
    public JsonObject[] StoredPayments(string key) =>
        [.. Rows(GrainState.Wallet, key).Where(row => row.Key.StartsWith("txn_", StringComparison.Ordinal)).Select(row => row.Value)];

    /// <summary>The rows of the balances that a wallet may claim.</summary>
    public JsonObject[] StoredClaims(string key) =>
        [.. Rows(GrainState.Wallet, key).Where(row => row.Key.StartsWith("clm_", StringComparison.Ordinal)).Select(row => row.Value)];

    /// <summary>The row of a wallet's transaction that is signed and not decided.</summary>
    public JsonObject? StoredSubmission(string key) => Rows(GrainState.Wallet, key).GetValueOrDefault("channel_own");

    /// <summary>The row of an invitation; null where there is none.</summary>
    public JsonObject? StoredInvitation(string key, string id) => Rows(GrainState.Wallet, key).GetValueOrDefault(id);

    /// <summary>
    /// A name becomes a user's: what waits for it and is still in time is his. The invitations of which wallets are to be told.
    /// </summary>
    public abstract IReadOnlyList<(string Wallet, string Id)> ConfirmName(byte[] digest, string user, string name, DateTimeOffset now);

    /// <summary>How many invitations wait for a name.</summary>
    public abstract int CountInvited(byte[] digest);

    /// <summary>Stores a key behind the grain's back, as another activation would.</summary>
    public abstract void TakeKey(string grainKey, IdempotencyKeyEntry entry);

    /// <summary>Adds the grains' storage and the ports of what is stored beside it.</summary>
    public abstract void AddTo(ISiloBuilder silo);

    protected void AddStorage(
        IServiceCollection services, Func<IServiceProvider, IGrainStorage> storage, Func<IServiceProvider, IGrainStorage>? hot = null)
    {
        services.AddKeyedSingleton<IGrainStorage>(
            GrainState.Provider, (provider, _) => new FailingStorage(storage(provider), Failures));
        services.AddKeyedSingleton<IGrainStorage>(
            GrainState.HotProvider, (provider, _) => new FailingStorage((hot ?? storage)(provider), Failures));
    }
}
