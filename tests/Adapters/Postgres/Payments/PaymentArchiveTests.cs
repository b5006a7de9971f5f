using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Payments;

public sealed class PaymentArchiveTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly PaymentId _payment = PaymentId.New(TimeProvider.System);

    [Fact]
    public async Task A_payments_events_are_read_in_their_order_with_all_that_they_say()
    {
        var submission = new SubmissionEventData("inner", 3, Attempts: [new AttemptEventData(Noon, "outer", "pending")]);
        await WriteAsync(Event("payment.created", "pending", null), Event("payment.signed", "processing", submission));

        var events = await Archive("tests").ReadAsync(_payment, TestContext.Current.CancellationToken);

        events.Select(e => (e.Type, e.At, e.Owner, e.Data.Status)).ShouldBe(
            [("payment.created", Noon, "usr_1", "pending"), ("payment.signed", Noon, "usr_1", "processing")]);
        var read = events[1].Data.Submission!;
        (read.InnerHash, read.Operation, read.Attempts!.Single()).ShouldBe(("inner", 3, submission.Attempts!.Single()));
    }

    [Fact]
    public async Task Another_payment_or_another_service_has_nothing()
    {
        await WriteAsync(Event("payment.created", "pending", null));

        (await Archive("tests").ReadAsync(PaymentId.New(TimeProvider.System), TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await Archive("others").ReadAsync(_payment, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    private JsonObject Event(string type, string status, SubmissionEventData? submission) => new()
    {
        ["id"] = $"evt_{Guid.NewGuid():N}",
        ["type"] = type,
        ["at"] = Noon,
        ["subject"] = _payment.Value,
        ["owner"] = "usr_1",
        ["data"] = JsonSerializer.SerializeToNode(
            new PaymentEventData(
                _payment.Value, "wal_1", status, "a@example.com", "G1", "native", "1.0000000", null, Noon, Noon.AddMinutes(10), null,
                null, null, null, 1, submission),
            JsonSerializerOptions.Web),
    };

    private PostgresPaymentArchive Archive(string service) =>
        new(database.DataSource, Options.Create(new PostgresOptions { ServiceId = service }));

    private async Task WriteAsync(params JsonObject[] outbox)
    {
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write('tests', 'wallet', $1, null, $2)");
        command.Parameters.AddWithValue($"wal_{Guid.NewGuid():N}");
        command.Parameters.AddWithValue(
            Encoding.UTF8.GetBytes(new JsonObject { ["outbox"] = new JsonArray([.. outbox]) }.ToJsonString()));
        await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
