namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>Waits for what happens in the product's own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again whether something is so; what it is that never came to be fails the test.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what = "it is so")
    {
        var since = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(
                Patience, $"In {Patience.TotalSeconds} seconds it never came to be that {what}.");
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again and again until an answer is as it should be, and gives that.</summary>
    public static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Func<Answer, bool> isSo)
    {
        var answer = await ask();
        await UntilAsync(
            async () => isSo(answer) || isSo(answer = await ask()), $"the answer is as it should be; the first was {answer.Text}");
        return answer;
    }
}
