using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace StellarPay.SingleNode;

/// <summary>A state of a grain. Its operations run one after the other.</summary>
internal sealed class PersistentState<T>(Activation activation, string stateName, IGrainStorage storage)
    : IPersistentState<T>, IGrainState<T>
{
    private T? _state;
    private Task _last = Task.CompletedTask;

    public T State
    {
        get => _state ??= Activator.CreateInstance<T>();
        set => _state = value;
    }

    T? IGrainState<T>.State
    {
        get => State;
        set => _state = value;
    }

    public string? ETag { get; set; }

    public string? Etag => ETag;

    public bool RecordExists { get; set; }

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => InOrder(() => storage.ReadStateAsync(
        stateName, activation.GrainId, (IGrainState<T>)this, cancellationToken), "reading");

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task WriteStateAsync(CancellationToken cancellationToken) => InOrder(() => storage.WriteStateAsync(
        stateName, activation.GrainId, (IGrainState<T>)this, cancellationToken), "writing");

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ClearStateAsync(CancellationToken cancellationToken) => InOrder(() => storage.ClearStateAsync(
        stateName, activation.GrainId, (IGrainState<T>)this, cancellationToken), "clearing");

    private Task InOrder(Func<Task> operation, string what) => _last = AfterAsync(_last, operation, what);

    private async Task AfterAsync(Task before, Func<Task> operation, string what)
    {
        if (Activation.Current is { } running && running != activation)
        {
            throw new InvalidOperationException(
                $"State {stateName} of {activation.GrainId} was used by {running.GrainId}.");
        }

        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await operation();
        }
        catch (Exception error) when (error is not OrleansException)
        {
            throw new OrleansException(
                $"Error from storage provider {storage.GetType().Name} {what} state {stateName} of "
                + $"{activation.GrainId}: {error.GetType().FullName}: {error.Message}",
                error);
        }
    }
}
