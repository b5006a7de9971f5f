using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Conformance.Tests.Transactions;

public sealed class SameBytesTests
{
    private const int Count = 1_000;

    /// <summary>1,000 seeded random transactions over every classic operation, a quarter of them fee-bumped.</summary>
    [Fact]
    public async Task The_official_Stellar_SDK_builds_and_signs_the_same_bytes_and_each_decodes_the_others()
    {
        var network = StellarNetwork.Testnet;
        var made = Enumerable.Range(0, Count).Select(seed => RandomTransactions.Make(seed, network)).ToList();
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
            envelopes.Length.ShouldBe(Count);
            for (var i = 0; i < Count; i++)
            {
                TransactionEnvelope.FromXdrBase64(envelopes[i]).ShouldBe(made[i].Value, $"seed {i}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
