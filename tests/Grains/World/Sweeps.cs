namespace StellarPay.Grains.Tests.World;

/// <summary>Waits while what is due is woken, for as long as that may take at most.</summary>
internal static class Sweeps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task SweepUntilAsync(this TestWorld world, Func<bool> isSo, string? what = null) =>
        world.SweepUntilAsync(() => Task.FromResult(isSo()), what);

    /// <summary>Without a sentence it is not said that it never came to be: the test looks by itself.</summary>
    public static async Task SweepUntilAsync(this TestWorld world, Func<Task<bool>> isSo, string? what = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            world.Business.Advance(TimeSpan.FromSeconds(5));
            await world.SweepAsync();
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                if (what is not null)
                {
                    throw new TimeoutException($"In {Patience.TotalSeconds} seconds it never came to be that {what}.");
                }

                return;
            }
        }
    }
}
