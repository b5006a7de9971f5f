using System.Diagnostics;
using System.Text.Json;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>Whoever has a payment's trace sees which ledger settled it.</summary>
public sealed class PaymentTraceTests(TelemetryHost host) : IClassFixture<TelemetryHost>
{
    [Fact]
    public async Task A_payment_is_one_trace_from_the_request_over_grains_database_and_Horizon_to_the_ledger_that_settled_it()
    {
        var payer = await Payer.NewAsync(host);

        var id = await payer.PayAsync();
        var paid = await payer.UntilSucceededAsync(id);
        var trace = await host.Spans.UntilSettledAsync(
            id,
            span => span.Kind == ActivityKind.Server && Equals(span.GetTagItem("http.route"), "/v1/payments/{id}/confirm"),
            span => span.Source.Name == "Microsoft.Orleans.Application" && span.DisplayName.Contains("ConfirmAsync"),
            span => span.Source.Name == "Npgsql",
            span => span.OperationName == "payment submit",
            span => span.Kind == ActivityKind.Client && $"{span.GetTagItem("url.full")}".EndsWith("/transactions_async"));

        ShouldSettle(trace, id, paid);
    }

    [Fact]
    public async Task The_trace_goes_on_where_the_request_s_process_has_ended_before_the_ledger()
    {
        var payer = await Payer.NewAsync(host);
        await payer.ClockAsync("stop");
        host.Spans.Forget();
        var id = await payer.PayAsync();

        await host.RestartWholeAsync();
        // Of the whole process: others may have confirmed payments, too.
        var confirmed = host.Spans.RequestsTo("/v1/payments/{id}/confirm");
        host.Spans.Forget();
        await payer.ClockAsync("resume");
        var again = host.Anonymous();
        again.AccessToken = payer.Api.AccessToken;
        var paid = await new Payer(host, again, "").UntilSucceededAsync(id);

        var trace = await host.Spans.UntilSettledAsync(id);
        ShouldSettle(trace, id, paid);
        confirmed.ShouldContain(request => request.TraceId == trace[0].TraceId);
    }

    private static void ShouldSettle(Activity[] trace, string payment, JsonElement paid)
    {
        var settled = trace.Single(span => span.OperationName == "payment settle");
        settled.GetTagItem("stellarpay.payment.id").ShouldBe(payment);
        settled.GetTagItem("stellarpay.payment.status").ShouldBe("succeeded");
        settled.GetTagItem("stellar.ledger.sequence").ShouldBe(paid.GetProperty("ledger").GetInt64());
        settled.GetTagItem("stellar.transaction.hash").ShouldBe(paid.GetProperty("transaction_hash").GetString());
        settled.Links.ShouldHaveSingleItem().Context.TraceId.ShouldNotBe(settled.TraceId);
    }
}
