using StellarPay.Grains.Faults;

namespace StellarPay.Chaos.Plan;

/// <summary>
/// All that is left to chance in a run, drawn from one seed: who does what when, and what goes wrong. The same seed,
/// duration and number of wallets make the same plan; what the processes make of it depends on their timing too.
/// </summary>
internal sealed record ChaosPlan(
    int Seed, TimeSpan Duration, int Wallets, IReadOnlyList<PlannedAction> Actions, IReadOnlyList<PlannedFault> Faults,
    IReadOnlyList<PlannedReceiver> Receivers)
{
    /// <summary>How many merchants there are.</summary>
    public const int Shops = 3;

    private static readonly TimeSpan KillEvery = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan FaultEvery = TimeSpan.FromSeconds(1.25);
    private static readonly TimeSpan SeldomEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DayEvery = TimeSpan.FromMinutes(3);

    // Every fifth action is one of those that are not dealt by weight: each of them comes in every run.
    private const int RareEvery = 5;

    // To so many actions comes one of merchants and their customers.
    private const int ActionsASale = 5;
    private static readonly TimeSpan ReceiverEvery = TimeSpan.FromSeconds(5);

    // How often each kind of action is drawn.
    private static readonly (ActionKind Kind, int Weight)[] Weights =
    [
        (ActionKind.PayAtOnce, 22), (ActionKind.QuoteAndConfirm, 14), (ActionKind.Abandon, 4),
        (ActionKind.QuoteAndCancel, 5), (ActionKind.ConfirmAgainstCancel, 5), (ActionKind.Repeat, 8),
        (ActionKind.Race, 10), (ActionKind.ConfirmRace, 6), (ActionKind.HangUp, 10), (ActionKind.ReuseKey, 3),
        (ActionKind.Burst, 5), (ActionKind.Trespass, 4), (ActionKind.SignUp, 2), (ActionKind.Deposit, 3),
        (ActionKind.PayOutsider, 8), (ActionKind.OutsiderPays, 5),
    ];

    /// <summary>What merchants and their customers do: each of it comes in every run.</summary>
    public static IReadOnlyList<ActionKind> Sales { get; } = [.. Enum.GetValues<ActionKind>().Where(kind => kind >= ActionKind.Sell)];

    private static readonly ActionKind[] Rare =
        [.. Enum.GetValues<ActionKind>().Where(kind => !Sales.Contains(kind) && !Weights.Any(weight => weight.Kind == kind))];

    /// <summary>Draws a plan.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="duration">How long actions and faults go on.</param>
    /// <param name="wallets">How many wallets there are from the beginning.</param>
    /// <param name="actionsPerSecond">How many actions begin in a second.</param>
    public static ChaosPlan Draw(int seed, TimeSpan duration, int wallets, double actionsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wallets, 2);
        var random = new Random(seed);
        var count = (int)(duration.TotalSeconds * actionsPerSecond);
        var rare = new Deck<ActionKind>(random, Rare);
        var payments = DrawActions(
            random, duration, wallets, 0, count, i => i % RareEvery == RareEvery - 1 ? rare.Next() : DrawKind(random));
        var faults = DrawFaults(random, duration);
        var sales = new Deck<ActionKind>(random, Sales);
        var ofShops = DrawActions(random, duration, wallets, count, count / ActionsASale, _ => sales.Next());
        return new ChaosPlan(
            seed, duration, wallets, [.. payments.Concat(ofShops).OrderBy(action => action.At)], faults, DrawReceivers(random, duration));
    }

    private static List<PlannedAction> DrawActions(
        Random random, TimeSpan duration, int wallets, int firstNumber, int count, Func<int, ActionKind> kindOf)
    {
        var times = Enumerable.Range(0, count).Select(_ => duration * random.NextDouble()).Order().ToArray();
        var actions = new List<PlannedAction>(count);
        for (var i = 0; i < count; i++)
        {
            var payer = random.Next(wallets);
            actions.Add(new PlannedAction(
                firstNumber + i,
                times[i],
                kindOf(i),
                payer,
                (payer + 1 + random.Next(wallets - 1)) % wallets,
                random.Next(4) == 0,
                random.Next(6) == 0 ? "XLM" : "USDC",
                DrawStroops(random),
                random.Next(3) == 0 ? $"m{random.Next(1_000_000)}" : null,
                TimeSpan.FromMilliseconds(random.Next(2, 400))));
        }

        return actions;
    }

    private static ActionKind DrawKind(Random random)
    {
        var drawn = random.Next(Weights.Sum(w => w.Weight));
        foreach (var (kind, weight) in Weights)
        {
            drawn -= weight;
            if (drawn < 0)
            {
                return kind;
            }
        }

        return ActionKind.PayAtOnce;
    }

    // Mostly small and odd; now and then one that the limit or the balance refuses.
    private static long DrawStroops(Random random) => random.Next(20) switch
    {
        0 => random.NextInt64(1, 10),
        1 => random.NextInt64(1_000_000_000, 4_000_000_000),
        _ => random.NextInt64(1_000, 50_000_000),
    };

    private static List<PlannedFault> DrawFaults(Random random, TimeSpan duration)
    {
        var anywhere = new Deck<(FaultKind, string?)>(random, [(FaultKind.Kill, null)]);
        var atPoints = new Deck<(FaultKind, string?)>(random, FaultPoint.All.Select(point => (FaultKind.KillAtPoint, (string?)point)));
        var others = new Deck<(FaultKind, string?)>(random, Others());
        var faults = new List<PlannedFault>();
        // A point may not be reached, a kill wherever the process is always is one: whatever is drawn, processes die.
        Add(anywhere, KillEvery);
        Add(atPoints, KillEvery);
        Add(others, FaultEvery);
        // Each in every run. Without the front door nobody can do anything: late, so that something was done before. A day in the
        // first half, so that there is time for what waits for it.
        AddSeldom(FaultKind.StorageBefore, 0.1, SeldomEvery);
        AddSeldom(FaultKind.StorageAfter, 0.45, SeldomEvery);
        AddSeldom(FaultKind.KillNetwork, 0.2, SeldomEvery);
        AddSeldom(FaultKind.DayPasses, 0.35, DayEvery);
        AddSeldom(FaultKind.KillFrontDoor, 0.7, SeldomEvery);
        return [.. faults.OrderBy(fault => fault.At)];

        void AddSeldom(FaultKind kind, double from, TimeSpan every)
        {
            var round = duration < every ? duration : every;
            for (var at = round * (from + (0.15 * random.NextDouble())); at < duration; at += every)
            {
                faults.Add(new PlannedFault(at, kind, null, 0, 1, TimeSpan.Zero, Everywhere: false));
            }
        }

        void Add(Deck<(FaultKind Kind, string? Point)> deck, TimeSpan every)
        {
            for (var at = every * random.NextDouble(); at < duration; at += every * (0.7 + (0.6 * random.NextDouble())))
            {
                var (kind, point) = deck.Next();
                faults.Add(new PlannedFault(
                    at, kind, point, random.Next(1_000), random.Next(1, 4),
                    TimeSpan.FromMilliseconds(random.Next(200, 2_500)), random.Next(3) == 0));
            }
        }
    }

    // Every merchant's server by itself, and each does all of it in turn.
    private static List<PlannedReceiver> DrawReceivers(Random random, TimeSpan duration)
    {
        var receivers = new List<PlannedReceiver>();
        for (var shop = 0; shop < Shops; shop++)
        {
            var modes = new Deck<ReceiverMode>(random, Enum.GetValues<ReceiverMode>().Append(ReceiverMode.Takes));
            for (var at = ReceiverEvery * random.NextDouble(); at < duration; at += ReceiverEvery * (0.5 + random.NextDouble()))
            {
                receivers.Add(new PlannedReceiver(at, shop, modes.Next()));
            }
        }

        return [.. receivers.OrderBy(receiver => receiver.At)];
    }

    private static IEnumerable<(FaultKind, string?)> Others() =>
        Enum.GetValues<FaultKind>()
            .Where(kind => kind is not (FaultKind.KillAtPoint or FaultKind.ThrowAtPoint or FaultKind.Kill
                or FaultKind.KillNetwork or FaultKind.KillFrontDoor or FaultKind.DayPasses))
            .Select(kind => (kind, (string?)null))
            .Concat([(FaultKind.StorageBefore, null), (FaultKind.StorageAfter, null), (FaultKind.TimeoutAfterApplying, null)])
            .Concat(FaultPoint.All.Select(point => (FaultKind.ThrowAtPoint, (string?)point)));
}
