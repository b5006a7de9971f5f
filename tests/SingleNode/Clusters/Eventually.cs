namespace StellarPay.SingleNode.Tests;

/// <summary>Waits for a condition, up to a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        using var ticks = new PeriodicTimer(Step);
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (!await condition())
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Within {Deadline} it did not become true that {what}.");
        }
    }
}
