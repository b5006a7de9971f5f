using System.Diagnostics;
using StellarPay.Silo.Telemetry;

namespace StellarPay.Frontdoor.Tests.Telemetry;

public sealed class DiscretionProcessorTests
{
    [Fact]
    public void A_query_leaves_no_trace_and_neither_does_a_path_that_is_none_of_ours()
    {
        Left(("url.path", "/v1/users/a@example.com"), ("url.query", "access_token=eyJ")).ShouldBeEmpty();
        Left(("url.path", "/v1/payments/pay_1"), ("http.route", "/v1/payments/{id}")).ShouldBe(
            ["http.route=/v1/payments/{id}", "url.path=/v1/payments/{id}"]);
    }

    [Fact]
    public void A_call_of_ours_shows_where_it_goes_without_what_it_asks() =>
        Left(("url.full", "https://example.com/federation?q=alice*example.com&type=name")).ShouldBe(["url.full=https://example.com/federation"]);

    [Fact]
    public void A_connection_is_not_described() => Left(("db.npgsql.data_source", "Host=db;Username=me")).ShouldBeEmpty();

    [Fact]
    public void An_exception_leaves_its_type_and_not_its_text() =>
        Left(
            ("exception.type", "System.TimeoutException"),
            ("exception.message", "QuoteRequest { Recipient = a@example.com }"),
            ("exception.stacktrace", "System.TimeoutException: QuoteRequest { Recipient = a@example.com }"))
            .ShouldBe(["exception.type=System.TimeoutException"]);

    [Fact]
    public void What_failed_says_that_it_failed_and_no_more()
    {
        using var span = new Activity("a span").SetStatus(ActivityStatusCode.Error, "a@example.com has no wallet");
        using var processor = new DiscretionProcessor();
        processor.OnEnd(span);
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.StatusDescription.ShouldBeNull();
    }

    private static string[] Left(params (string Name, string Value)[] tags)
    {
        using var span = new Activity("a span");
        foreach (var (name, value) in tags)
        {
            span.SetTag(name, value);
        }

        using var processor = new DiscretionProcessor();
        processor.OnEnd(span);
        return [.. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal)];
    }
}
