namespace StellarPay.SingleNode.Tests.Storage;

[Alias("tests.IStored")]
public interface IStored : IGrainWithStringKey
{
    [Alias("Save")]
    Task<string> Save(string name);

    [Alias("Change")]
    Task Change(string name);

    [Alias("Reload")]
    Task<string> Reload();

    [Alias("Name")]
    Task<string> Name();

    [Alias("Exists")]
    Task<bool> Exists();

    [Alias("Clear")]
    Task Clear();

    [Alias("Leave")]
    Task Leave();

    [Alias("SaveOverTheOther")]
    Task SaveOverTheOther(string name);
}

[Alias("tests.IAsksForConflicts")]
public interface IAsksForConflicts : IGrainWithStringKey
{
    [Alias("Ask")]
    Task<Guid> Ask(string key);

    [Alias("Id")]
    Task<Guid> Id();
}

[GenerateSerializer, Alias("tests.StoredState")]
public sealed class StoredState
{
    [Id(0)]
    public string Name { get; set; } = "";
}

/// <summary>Two states are one record here, so that each can go stale under the other, as under a second activation.</summary>
public sealed class StoredGrain(
    [PersistentState("test-record", "other")] IPersistentState<StoredState> state,
    [PersistentState("test-record", "other")] IPersistentState<StoredState> rival)
    : Grain, IStored
{
    public async Task<string> Save(string name)
    {
        state.State.Name = name;
        await state.WriteStateAsync();
        return state.Etag!;
    }

    public Task Change(string name)
    {
        state.State.Name = name;
        return Task.CompletedTask;
    }

    public async Task<string> Reload()
    {
        await state.ReadStateAsync();
        return state.State.Name;
    }

    public Task<string> Name() => Task.FromResult(state.State.Name);

    public Task<bool> Exists() => Task.FromResult(state.RecordExists);

    public Task Clear() => state.ClearStateAsync();

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task SaveOverTheOther(string name)
    {
        await Save("the rival does not know of this");
        rival.State.Name = name;
        await rival.WriteStateAsync();
    }
}

public sealed class AsksForConflictsGrain : Grain, IAsksForConflicts
{
    private readonly Guid _id = Guid.NewGuid();

    public async Task<Guid> Ask(string key)
    {
        await GrainFactory.GetGrain<IStored>(key).SaveOverTheOther("conflict");
        return _id;
    }

    public Task<Guid> Id() => Task.FromResult(_id);
}

[Alias("tests.IOldStyle")]
public interface IOldStyle : IGrainWithStringKey
{
    [Alias("Save")]
    Task Save(string name);

    [Alias("Name")]
    Task<string> Name();

    [Alias("Leave")]
    Task Leave();
}

public sealed class OldStyleGrain : Grain<StoredState>, IOldStyle
{
    public Task Save(string name)
    {
        State.Name = name;
        return WriteStateAsync();
    }

    public Task<string> Name() => Task.FromResult(State.Name);

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

[Alias("tests.INowhere")]
public interface INowhere : IGrainWithStringKey
{
    [Alias("Touch")]
    Task Touch();
}

public sealed class NowhereGrain([PersistentState("test-nowhere", "no-such-storage")] IPersistentState<StoredState> state)
    : Grain, INowhere
{
    public Task Touch() => state.WriteStateAsync();
}
