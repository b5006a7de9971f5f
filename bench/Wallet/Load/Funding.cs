namespace StellarPay.Bench.Wallet.Load;

/// <summary>Test money for those who are to pay.</summary>
internal static class Funding
{
    private const int Busy = 503;
    private const int MostTries = 50;
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>Has friendbot pay each of them, so many at once; gives the books of what they have, which are still to be opened.</summary>
    public static async Task<Books> OfAsync(int port, IReadOnlyList<Person> people, int atOnce)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            using var connection = await WireConnection.OpenAsync(port);
            while (Interlocked.Increment(ref next) is var i && i < people.Count)
            {
                // All of them at once are more than it stores at once; whoever is told to come again does.
                var reply = await connection.PostAsync("/v1/wallet/friendbot", people[i].Token, "");
                for (var tries = 1; reply.Status == Busy && tries < MostTries; tries++)
                {
                    await Task.Delay(AskAgain);
                    reply = await connection.PostAsync("/v1/wallet/friendbot", people[i].Token, "");
                }

                reply.Require("Friendbot");
            }
        }));
        return new Books(people, port);
    }
}
