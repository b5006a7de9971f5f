using System.Globalization;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>Who has paid whom how much, so that in the end every balance can be checked against what was paid.</summary>
internal sealed class Books(IReadOnlyList<Person> people, int port)
{
    // A cent, which is the least that may be paid.
    private const long FirstAmount = 1_000_000;
    private const decimal StroopsAUnit = 10_000_000;
    private const int Parallelism = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly long[] _net = new long[people.Count];
    private long[] _opening = [];
    private long _amount = FirstAmount;
    private long _entered;

    public IReadOnlyList<Person> People => people;

    /// <summary>How many payments have been entered.</summary>
    public long Entered => Interlocked.Read(ref _entered);

    /// <summary>An amount that no other payment has.</summary>
    public long NextAmount() => Interlocked.Increment(ref _amount);

    public void Enter(int from, int to, long stroops)
    {
        Interlocked.Add(ref _net[from], -stroops);
        Interlocked.Add(ref _net[to], stroops);
        Interlocked.Increment(ref _entered);
    }

    /// <summary>Notes what everybody has, once everybody's first deposit has arrived.</summary>
    public async Task OpenAsync()
    {
        for (var tries = Patience / PollInterval; ; tries--)
        {
            _opening = [.. (await ReadAsync()).Select(wallet => wallet.Balance)];
            var without = _opening.Count(balance => balance == 0);
            if (without == 0)
            {
                return;
            }

            if (tries <= 0)
            {
                throw new InvalidOperationException($"{without} wallets still wait for their first deposit.");
            }

            await Task.Delay(PollInterval);
        }
    }

    /// <summary>How many wallets' balances are not what they must be, or have something reserved, once all is quiet.</summary>
    public async Task<int> CountWrongAsync()
    {
        for (var tries = Patience / PollInterval; ; tries--)
        {
            var wallets = await ReadAsync();
            var wrong = wallets.Where((wallet, i) => wallet.Balance != _opening[i] + _net[i] || wallet.Reserved != 0).Count();
            if (wrong == 0 || tries <= 0)
            {
                // What is only under way shows as reserved, and sums to nothing once it has arrived.
                await Console.Error.WriteLineAsync(
                    $"bench wallet: {wrong} wallets wrong, {wallets.Count(wallet => wallet.Reserved != 0)} with something reserved, "
                    + $"all together {wallets.Select((wallet, i) => wallet.Balance - _opening[i] - _net[i]).Sum()} stroops off");
                return wrong;
            }

            await Task.Delay(PollInterval);
        }
    }

    private async Task<(long Balance, long Reserved)[]> ReadAsync()
    {
        var read = new (long Balance, long Reserved)[people.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Parallelism).Select(async _ =>
        {
            using var connection = await WireConnection.OpenAsync(port);
            while (Interlocked.Increment(ref next) is var i && i < people.Count)
            {
                var wallet = (await connection.GetAsync("/v1/wallet", people[i].Token)).Require("A wallet");
                var native = wallet.GetProperty("balances")[0];
                read[i] = (Stroops(native.GetProperty("balance").GetString()!), Stroops(native.GetProperty("reserved").GetString()!));
            }
        }));
        return read;
    }

    private static long Stroops(string amount) => (long)(decimal.Parse(amount, CultureInfo.InvariantCulture) * StroopsAUnit);
}
