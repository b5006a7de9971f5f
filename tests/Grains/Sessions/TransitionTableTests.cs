using System.Runtime.CompilerServices;
using System.Text.Json;
using StellarPay.Grains.Network;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>
/// Where a session stands, and whither each thing that can happen takes it, pair by pair: the table of docs/decisions/0072, which is read
/// from there.
/// </summary>
public sealed class TransitionTableTests(SharedPostgresWorld shared) : IClassFixture<SharedPostgresWorld>
{
    private const long Unit = TestMerchant.Unit;
    private const long Price = 10 * Unit;
    private const string TimeOver = "time over";
    private const string Processing = "processing";
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static readonly string[] Things =
    [
        "full", "part", "over", "other asset", "a wallet signs", "that fails", "that arrives", "cancel", TimeOver, "late", "accept",
    ];

    private static readonly string[] States =
    [
        "created", "created underpaid", "created processing", "created underpaid processing", "created wrong_asset", "paid", "paid overpaid",
        "canceled", "expired", "expired late", "expired late accepted",
    ];

    public static TheoryData<string> Rows => new(States);

    [Fact]
    public void The_table_has_each_state_and_each_thing()
    {
        var table = Read();

        table.Keys.ShouldBe(States);
        table.Values.ShouldAllBe(row => row.Keys.SequenceEqual(Things));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task From_each_state_each_thing_leads_whither_the_table_says(string state)
    {
        var row = Read()[state];
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var walks = new List<Walk>();
        foreach (var thing in Things)
        {
            var order = shop.Order(1_000, shop.World.Network.Usdc) with { ExpiresIn = Day };
            walks.Add(new Walk(thing, await shop.NewSessionAsync(order), row[thing]));
        }

        await BringAboutAsync(shop, state, walks);
        foreach (var walk in walks)
        {
            walk.Before = shop.TypesOf(walk.Session.Id).Length;
        }

        foreach (var walk in walks.Where(walk => walk.Thing != TimeOver))
        {
            walk.Refusal = await HappenAsync(shop, state, walk);
        }

        // What changes nothing is known to by what came after it: each is looked at once more when all have been.
        Walk[] now = [.. walks.Where(walk => walk.Thing != TimeOver)];
        await UntilAsync(shop, now);
        await UntilNoRowWaitsAsync(shop, walks);
        (await SaidAsync(shop, now)).ShouldBe(now.Select(Expected));

        shop.Pass(Day + TimeSpan.FromMinutes(1));
        await UntilAsync(shop, [.. walks.Where(walk => walk.Thing == TimeOver)]);
    }

    private static async Task BringAboutAsync(TestMerchant shop, string state, List<Walk> walks)
    {
        foreach (var (session, id) in walks.Select(walk => (walk.Session, walk.Session.Id.Value)))
        {
            _ = state switch
            {
                "created underpaid" or "created underpaid processing" => shop.Pay(4 * Unit, id),
                "created wrong_asset" => shop.Pay(5 * Unit, id, asset: "native"),
                "paid" => shop.Pay(Price, id),
                "paid overpaid" => shop.Pay(Price + Unit, id),
                _ => null,
            };
            if (state.Contains(Processing, StringComparison.Ordinal))
            {
                await ProcessingTests.SignAsync(shop, session, WalletOf(session), session.ExpiresAt);
            }

            if (state == "canceled")
            {
                (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();
            }
        }

        if (state.StartsWith("expired", StringComparison.Ordinal))
        {
            shop.Pass(Day + TimeSpan.FromMinutes(1));
            await UntilAsync(shop, walks, "expired");
            if (state != "expired")
            {
                walks.ForEach(walk => shop.Pay(Price, walk.Session.Id.Value));
                await UntilAsync(shop, walks, "expired late");
            }
        }

        foreach (var walk in state == "expired late accepted" ? walks : [])
        {
            (await shop.AcceptAsync(walk.Session.Id, (await shop.ViewAsync(walk.Session.Id)).Payments[0])).Error.ShouldBeNull();
        }

        await UntilAsync(shop, walks, state);
    }

    private static async Task<string?> HappenAsync(TestMerchant shop, string state, Walk walk)
    {
        var (session, id) = (walk.Session, walk.Session.Id.Value);
        var view = await shop.ViewAsync(session.Id);
        var rest = view.Status == PaymentSessionStatus.Created ? Price - view.ReceivedStroops : Price;
        switch (walk.Thing)
        {
            case "full":
                shop.Pay(rest, id);
                return null;
            case "part":
                shop.Pay(Unit, id);
                return null;
            case "over":
                shop.Pay(rest + Unit, id);
                return null;
            case "other asset":
                shop.Pay(5 * Unit, id, asset: "native");
                return null;
            case "a wallet signs":
                await ProcessingTests.SignAsync(shop, session, $"{WalletOf(session)}2", session.ExpiresAt, rest);
                return null;
            case "that fails":
                await ProcessingTests.SignAsync(shop, session, WalletOf(session), session.ExpiresAt, ends: true, begins: false);
                return null;
            case "that arrives":
                shop.Pay(rest, id, innerHash: ProcessingTests.HashOf(WalletOf(session)));
                return null;
            case "late":
                shop.Pay(Price, id, closedAt: session.ExpiresAt + TimeSpan.FromSeconds(1));
                return null;
            case "cancel":
                return (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error?.Code;
            case "accept":
                var payment = view.Payments is [.., var last] ? new LedgerPlace(last.Token, last.Number) : new LedgerPlace(1, 0);
                return (await shop.GrainOf(session.Id).AcceptAsync(shop.Id, payment, TestContext.Current.CancellationToken)).Error?.Code;
            default:
                throw new ArgumentException($"Nobody knows how '{walk.Thing}' happens in {state}.");
        }
    }

    private static Task UntilAsync(TestMerchant shop, IEnumerable<Walk> walks, string state) => TestWorld.UntilAsync(
        async () =>
        {
            await shop.World.SweepAsync();
            var views = await Task.WhenAll(walks.Select(walk => shop.ViewAsync(walk.Session.Id)));
            return views.All(view => StateOf(view) == state);
        },
        $"all are {state}");

    private static async Task UntilAsync(TestMerchant shop, Walk[] walks)
    {
        try
        {
            await TestWorld.UntilAsync(
                async () =>
                {
                    await shop.World.SweepAsync();
                    return (await SaidAsync(shop, walks)).SequenceEqual(walks.Select(Expected));
                },
                "it is as the table says");
        }
        catch (TimeoutException)
        {
            // Which of them it is not is said below.
        }

        (await SaidAsync(shop, walks)).ShouldBe(walks.Select(Expected));
    }

    private static async Task UntilNoRowWaitsAsync(TestMerchant shop, List<Walk> walks)
    {
        foreach (var walk in walks)
        {
            await ProcessingTests.UntilNoRowWaitsAsync(shop, walk.Session);
        }
    }

    private static string Expected(Walk walk) => $"{walk.Thing}: {walk.Expected}";

    private static Task<string[]> SaidAsync(TestMerchant shop, Walk[] walks) => Task.WhenAll(walks.Select(
        async walk => $"{walk.Thing}: {Said(shop, walk, await shop.ViewAsync(walk.Session.Id))}"));

    // As the table says it: where it stands, and what was told or refused.
    private static string Said(TestMerchant shop, Walk walk, PaymentSessionView view)
    {
        var told = shop.TypesOf(walk.Session.Id)[walk.Before..].Select(type => type["payment_session.".Length..]);
        var what = string.Join(", ", walk.Refusal is { } code ? told.Prepend($"refused {code}") : told);
        return $"{StateOf(view)}: {(what.Length == 0 ? "–" : what)}";
    }

    private static string StateOf(PaymentSessionView view) => string.Join(
        ' ',
        [JsonNamingPolicy.SnakeCaseLower.ConvertName(view.Status.ToString()), .. view.Facts, .. view.AcceptedAs is null ? [] : new[] { "accepted" }]);

    private static string WalletOf(PaymentSessionView session) => $"wal_of_{session.Id.Value}";

    private static Dictionary<string, Dictionary<string, string>> Read([CallerFilePath] string path = "")
    {
        var record = Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/decisions/0072-a-wallet-has-signed.md");
        var lines = File.ReadLines(record).Where(line => line.StartsWith('|')).Select(Cells).ToArray();
        return lines.Skip(2).ToDictionary(
            cells => cells[0], cells => lines[0].Zip(cells).Skip(1).ToDictionary(each => each.First, each => each.Second));
    }

    private static string[] Cells(string line) =>
        [.. line.Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal))];

    private sealed class Walk(string thing, PaymentSessionView session, string expected)
    {
        public string Thing { get; } = thing;

        public PaymentSessionView Session { get; } = session;

        public string Expected { get; } = expected;

        /// <summary>How much was told of it before the thing happened.</summary>
        public int Before { get; set; }

        /// <summary>Why it was refused; null where it was not.</summary>
        public string? Refusal { get; set; }
    }
}
