using System.Collections.Concurrent;

namespace StellarPay.SingleNode.Tests;

/// <summary>Doors that a test opens and grains wait at, and what the grains say that they did; shared by name.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _doors = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _logs = new();

    public Task Passed(string door) => Door(door).Task;

    public void Open(string door) => Door(door).TrySetResult();

    public void Say(string log, string what) => _logs.GetOrAdd(log, static _ => new ConcurrentQueue<string>()).Enqueue(what);

    public string[] Said(string log) => _logs.TryGetValue(log, out var said) ? [.. said] : [];

    private TaskCompletionSource Door(string name) => _doors.GetOrAdd(
        name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
