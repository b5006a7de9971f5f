using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

public sealed class StateSerializerTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly StateSerializer Serializer = new();

    [Fact]
    public void State_is_written_as_the_contract_says()
    {
        var state = new State
        {
            Status = Status.WaitingForLedger,
            Stroops = long.MaxValue,
            DueAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            Note = "ä<&>\"",
        };

        Encoding.UTF8.GetString(Serializer.Serialize(state).ToMemory().Span).ShouldBe(
            """{"status":"WaitingForLedger","stroops":9223372036854775807,"dueAt":"2026-03-01T12:00:00+00:00","note":"ä<&>\""}""");
    }

    [Theory]
    [InlineData("""{"stroops":"5"}""")]
    [InlineData("""{"stroops":5.5}""")]
    [InlineData("""{"stroops":9223372036854775808}""")]
    [InlineData("""{"status":1}""")]
    [InlineData("""{"status":"Unknown"}""")]
    public void A_value_of_the_wrong_kind_is_refused(string json)
    {
        Should.Throw<JsonException>(() => Serializer.Deserialize<State>(BinaryData.FromString(json)));
    }

    [Fact]
    public void What_a_new_object_has_anyway_is_not_written_and_comes_back_all_the_same()
    {
        Written(new Small()).ShouldBe("{}");
        Written(new Small { Number = 7, List = [] }).ShouldBe("{}");
        Written(new Small { Number = 0, Text = "", Flag = true, List = [0] })
            .ShouldBe("""{"number":0,"text":"","flag":true,"list":[0]}""");

        var back = Serializer.Deserialize<Small>(Serializer.Serialize(new Small { Number = 0, Text = "" }))!;
        (back.Number, back.Text, back.Flag).ShouldBe((0, "", false));
        (Serializer.Deserialize<Small>(BinaryData.FromString("{}"))!.Number).ShouldBe(7);
        Written(new Made(0, "")).ShouldBe("""{"number":0,"text":""}""");

        static string Written<T>(T state) => Encoding.UTF8.GetString(Serializer.Serialize(state).ToMemory().Span);
    }

    [Fact]
    public async Task Everything_survives_the_way_through_jsonb()
    {
        var state = new State
        {
            Status = Status.WaitingForLedger,
            Stroops = long.MinValue,
            Note = "quote \" backslash \\ tab \t emoji 🚀 null-looking null",
            // jsonb puts "a" before "$type" when it gives the object back.
            Step = new Named { A = "x" },
        };

        await using var command = database.DataSource.CreateCommand(
            "SELECT convert_to(convert_from($1, 'UTF8')::jsonb::text, 'UTF8')");
        command.Parameters.AddWithValue(Serializer.Serialize(state).ToArray());
        var stored = (byte[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        var back = Serializer.Deserialize<State>(BinaryData.FromBytes(stored))!;
        back.Status.ShouldBe(state.Status);
        back.Stroops.ShouldBe(state.Stroops);
        back.Note.ShouldBe(state.Note);
        back.Step.ShouldBeOfType<Named>().A.ShouldBe("x");
        JsonNode.Parse(stored)!["step"]!.AsObject().First().Key.ShouldBe("a");
    }

    private enum Status
    {
        Open,
        WaitingForLedger,
    }

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Named), "named")]
    private abstract class Step;

    private sealed class Named : Step
    {
        public string A { get; set; } = "";
    }

    private sealed class Small
    {
        public int Number { get; set; } = 7;

        public string Text { get; set; } = "seven";

        public bool Flag { get; set; }

        public List<int> List { get; set; } = [];
    }

    private sealed record Made(int Number, string Text);

    private sealed class State
    {
        public Status Status { get; set; }

        public long Stroops { get; set; }

        public DateTimeOffset? DueAt { get; set; }

        public string? Note { get; set; }

        public Step? Step { get; set; }
    }
}
