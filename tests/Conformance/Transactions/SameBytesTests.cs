using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using StellarPay.Tests.Shared.Node;

namespace StellarPay.Conformance.Tests.Transactions;

public sealed class SameBytesTests
{
    /// <summary>1,000 seeded random transactions over every classic operation, a quarter of them fee-bumped.</summary>
    [Fact]
    public Task The_official_Stellar_SDK_builds_and_signs_the_same_bytes_and_each_decodes_the_others() => CompareAsync(0, 1_000);

    /// <summary>For <c>./stellarpay test --all</c>.</summary>
    [Fact(Explicit = true)]
    public async Task The_official_Stellar_SDK_agrees_about_many_more()
    {
        for (var first = 1_000; first < 30_000; first += 1_000)
        {
            await CompareAsync(first, 1_000);
        }
    }

    private static async Task CompareAsync(int first, int count)
    {
        var network = StellarNetwork.Testnet;
        var made = Enumerable.Range(first, count).Select(seed => RandomTransactions.Make(seed, network)).ToList();
        var folder = Directory.CreateTempSubdirectory("same-bytes").FullName;
        try
        {
            var (ours, theirs) = (Path.Combine(folder, "ours.json"), Path.Combine(folder, "theirs.json"));
            var told = new JsonObject
            {
                ["passphrase"] = network.Passphrase,
                ["transactions"] = new JsonArray([.. made.Select(one => one.Json)]),
            };
            await File.WriteAllTextAsync(ours, told.ToJsonString(), TestContext.Current.CancellationToken);
            await NodeScripts.RunAsync("transactions.test.mjs", ("OURS", ours), ("THEIRS", theirs));

            var envelopes = JsonSerializer.Deserialize<string[]>(
                await File.ReadAllTextAsync(theirs, TestContext.Current.CancellationToken))!;
            envelopes.Length.ShouldBe(count);
            for (var i = 0; i < count; i++)
            {
                TransactionEnvelope.FromXdrBase64(envelopes[i]).ShouldBe(made[i].Value, $"seed {first + i}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
