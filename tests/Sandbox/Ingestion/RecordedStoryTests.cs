using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Effects;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Horizon.Ingestion;
using StellarPay.Sandbox.Horizon.Operations;
using StellarPay.Sandbox.Horizon.Trades;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Network;
using StellarPay.Sandbox.Replay;
using StellarPay.Sandbox.Storage;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ingestion;

/// <summary>Whatever a real network lived through can be kept, restored, listed and shown.</summary>
public sealed class RecordedStoryTests
{
    private static readonly HorizonLinks Links = new("http://host", "http://host/self");

    public static TheoryData<string> Stories => [.. Directory
        .GetFiles(Path.Combine(AppContext.BaseDirectory, "Vectors"), "*.json", SearchOption.AllDirectories)
        .Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Stories))]
    public void Every_ledger_of_a_recorded_story_is_kept_restored_and_shown(string file)
    {
        var history = new HistoryIndex();
        Live(file, record => history.Add(Check(record).History));

        var all = PageSlice.All(Position.Start, descending: false);
        foreach (var operation in history.Operations(default, all, int.MaxValue, withFailed: true, onlyPayments: false))
        {
            Shown(json => OperationJson.Write(json, Links, operation, withTransaction: true))
                .GetProperty("type_i").GetInt32().ShouldBe((int)operation.Type);
        }

        foreach (var effect in history.Effects(default, all, int.MaxValue))
        {
            Shown(json => EffectJson.Write(json, Links, effect))
                .GetProperty("account").GetString().ShouldBe(effect.Account.AccountId.ToString());
        }

        foreach (var trade in history.Trades(default, all, int.MaxValue, null))
        {
            Shown(json => TradeJson.Write(json, Links, trade, null)).GetProperty("offer_id").ValueKind
                .ShouldBe(JsonValueKind.String);
        }
    }

    private static void Live(string file, Action<LedgerRecord> closed)
    {
        using var json = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "stellar-core-19", file));
        var story = Story.Parse(json);
        var network = new StellarNetwork(story.Passphrase);
        var state = Genesis.Create(AccountId.Parse(story.Genesis.Root), new GenesisOptions
        {
            BaseFee = story.BaseFee,
            BaseReserve = story.BaseReserve,
            TotalCoins = story.Genesis.Balance,
            Sequence = story.Genesis.LastClosedLedger,
            CloseTime = story.Genesis.CloseTime,
        });
        var closer = new LedgerCloser(state);
        foreach (var step in story.Steps.Where(step => step.CloseTime is not null))
        {
            var frame = new TransactionFrame(network.Id, TransactionEnvelope.FromXdrBase64(step.Envelope));
            var ledger = closer.Close(step.CloseTime!.Value, new TransactionSet([frame], story.BaseFee));
            var history = HistoryBuilder.Build(ledger.Header, ledger.Hash, ledger.Transactions);
            history.Transactions[0].Successful.ShouldBe(TransactionResult.FromXdrBase64(step.Result!).IsSuccess);
            var record = new LedgerRecord(history, NetChanges.Of(ledger.Transactions));
            record.State.ShouldBe(state.Header);
            closed(record);
        }
    }

    /// <summary>What is read back is what was written, to the byte.</summary>
    private static LedgerRecord Check(LedgerRecord record)
    {
        var bytes = Bytes(record);
        var restored = LedgerRecord.Read(bytes);
        Bytes(restored).ShouldBe(bytes);
        return restored;
    }

    private static byte[] Bytes(LedgerRecord record)
    {
        using var writer = new XdrWriter();
        record.Write(writer);
        return writer.Written.ToArray();
    }

    private static JsonElement Shown(Action<Utf8JsonWriter> write) =>
        JsonSerializer.Deserialize<JsonElement>(EventStream.Render(write).Span);
}
