namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>A state that its grain has decided on, serialised, and not stored yet.</summary>
/// <param name="key">Whose.</param>
/// <param name="version">The version that it replaces; null where there is none.</param>
/// <param name="payload">The JSON; null where the state is to be cleared.</param>
/// <param name="carried">What it carries.</param>
/// <param name="queuedAt">A timestamp of the queue's clock.</param>
/// <param name="ended">Called when it has ended, before anybody else hears of it.</param>
internal sealed class PendingWrite(
    StateKey key, int? version, byte[]? payload, CarriedRows carried, long queuedAt, Action<PendingWrite>? ended = null)
{
    // The loop must not run on in a grain's code.
    private readonly TaskCompletionSource<int> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StateKey Key { get; } = key;

    public int? Version { get; } = version;

    public byte[]? Payload { get; } = payload;

    public CarriedRows Carried { get; } = carried;

    public long QueuedAt { get; } = queuedAt;

    public int Bytes => Payload?.Length ?? 0;

    /// <summary>The new version, or why there is none.</summary>
    public Task<int> Written => _written.Task;

    public void Succeed(int newVersion)
    {
        ended?.Invoke(this);
        _written.TrySetResult(newVersion);
    }

    public void Fail(Exception exception)
    {
        ended?.Invoke(this);
        _written.TrySetException(exception);
        // Whoever wrote may be gone; then nobody looks.
        _ = _written.Task.Exception;
    }
}
