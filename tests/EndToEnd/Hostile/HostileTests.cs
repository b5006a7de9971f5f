using System.Globalization;
using Npgsql;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Cluster;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Hostile;

/// <summary>
/// Strangers and users do at once what each of them could stop everybody with before: bytes in memos that no database takes,
/// 1,100 payments to one wallet in a ledger, quotes from a slow network, a row filled with quotes, 1,001 balances of spam.
/// </summary>
public sealed class HostileTests(ClusterDeployment cluster, ITestOutputHelper output) : IClassFixture<ClusterDeployment>
{
    // Of what is stored for anybody, however full it is made: less than a page of the database's.
    private const int LargestRow = 4_096;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Hostile = TimeSpan.FromSeconds(30);
    // Twice what is usual is the aim; two cores that many processes share need more room than that.
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Whatever_strangers_and_users_do_at_once_a_bystander_pays_and_is_paid()
    {
        await using var bystanders = await Bystanders.ArriveAsync(cluster);
        await using var attack = await Attack.PrepareAsync(cluster);
        var quiet = await DuringAsync(Quiet, bystanders.LiveAsync);
        await attack.SlowDownAsync();
        var slow = await DuringAsync(Quiet, bystanders.LiveAsync);
        var largest = 0;
        var hostile = await DuringAsync(Hostile, async stop =>
        {
            var attacking = attack.RunAsync(stop);
            var measuring = LargestRowAsync(stop);
            var living = await bystanders.LiveAsync(stop);
            await attacking;
            largest = await measuring;
            return living;
        });
        await attack.EndAsync();
        output.WriteLine($"payments: quiet {quiet.Payments}; slow network {slow.Payments}; hostile {hostile.Payments}");
        output.WriteLine($"deposits: quiet {quiet.Deposits}; slow network {slow.Deposits}; hostile {hostile.Deposits}");
        output.WriteLine($"the busy wallet's clients: {string.Join(", ", attack.Answers.GroupBy(a => a.Status).Select(g => $"{g.Key} {g.Count()} times, at most {g.Max(a => a.Took).TotalSeconds:0.0} s"))}");
        output.WriteLine($"all quotes opened {attack.Hoards} times; {attack.BadPayments} rounds of bad memos; largest row {largest} bytes");

        (await ReceivedXlmAsync(attack.Victim, 1)).ShouldBe(["5.0000000"]);
        (await QueryAsync("SELECT owner_key || ' ' || error FROM ledger_parked")).ShouldBeEmpty();
        attack.Answers.ShouldAllBe(answer => answer.Status == 201 || answer.Status == 429 || answer.Status == 503);
        largest.ShouldBeLessThan(LargestRow);
        hostile.Payments.P99.ShouldBeLessThan((2 * slow.Payments.P99) + Allowance, output.Output);
        hostile.Deposits.P99.ShouldBeLessThan((2 * slow.Deposits.P99) + Allowance, output.Output);
    }

    private static async Task<T> DuringAsync<T>(TimeSpan time, Func<CancellationToken, Task<T>> live)
    {
        using var end = new CancellationTokenSource(time);
        return await live(end.Token);
    }

    private static Task<string[]> ReceivedXlmAsync(Person person, int count) => Eventually.GetAsync(
        async () => (await person.Api.GetAsync("/v1/wallet/transactions")).Required.GetProperty("data").EnumerateArray()
            .Where(each => each.GetProperty("direction").GetString() == "in")
            .Select(each => each.GetProperty("amount").GetString()!).ToArray(),
        received => received.Length == count,
        $"{count} payments in the history");

    // Looked at all the time: what is let go is gone again in a moment.
    private async Task<int> LargestRowAsync(CancellationToken stop)
    {
        var largest = 0;
        while (!stop.IsCancellationRequested)
        {
            var now = await QueryAsync("SELECT max(octet_length(payload::text))::text FROM (SELECT payload FROM grain_state UNION ALL SELECT payload FROM grain_rows) AS stored");
            largest = Math.Max(largest, int.Parse(now[0], CultureInfo.InvariantCulture));
            await Task.Delay(LookEvery, CancellationToken.None);
        }

        return largest;
    }

    private async Task<List<string>> QueryAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(cluster.Postgres);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
