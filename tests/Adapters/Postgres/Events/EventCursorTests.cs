using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Adapters.Tests.Postgres.Events;

public sealed class EventCursorTests
{
    [Theory]
    [InlineData("0-0", 0UL, 0L)]
    [InlineData("731-12", 731UL, 12L)]
    [InlineData("18446744073709551615-9223372036854775807", ulong.MaxValue, long.MaxValue)]
    public void A_cursor_reads_what_it_writes(string text, ulong transactionId, long id)
    {
        EventCursor.TryParse(text, out var cursor).ShouldBeTrue();
        cursor.ShouldBe(new EventCursor(transactionId, id));
        cursor.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("1--1")]
    [InlineData(" 1-1")]
    [InlineData("1-1 ")]
    [InlineData("1-9223372036854775808")]
    [InlineData("18446744073709551616-1")]
    public void Anything_else_is_no_cursor(string? text) => EventCursor.TryParse(text, out _).ShouldBeFalse();
}
