using System.Collections.Concurrent;

namespace StellarPay.SingleNode.Tests;

/// <summary>Doors that a test opens and grains wait at, and what grains say that they did; each under a name of its own.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _doors = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _logs = new();

    private Gates()
    {
    }

    /// <summary>The silos of a test cluster and the test are one process, so that they can share this.</summary>
    public static Gates All { get; } = new();

    public Task Passed(string door) => Door(door).Task;

    public void Open(string door) => Door(door).TrySetResult();

    public void Say(string log, string what) =>
        _logs.GetOrAdd(log, static _ => new ConcurrentQueue<string>()).Enqueue(what);

    public string[] Said(string log) => _logs.TryGetValue(log, out var said) ? [.. said] : [];

    public Task HasSaid(string log, string what) =>
        Eventually.Holds(() => Said(log).Contains(what), $"{log} said '{what}'; it said '{string.Join(", ", Said(log))}'");

    private TaskCompletionSource Door(string name) => _doors.GetOrAdd(
        name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
