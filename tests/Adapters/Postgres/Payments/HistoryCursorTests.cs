using StellarPay.Adapters.Postgres.Payments;

namespace StellarPay.Adapters.Tests.Postgres.Payments;

public sealed class HistoryCursorTests
{
    [Fact]
    public void A_cursor_reads_what_it_writes()
    {
        var cursor = new HistoryCursor(
            new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(1), "txn_01");

        cursor.ToString().ShouldBe("1772366400000001-txn_01");
        HistoryCursor.TryParse(cursor.ToString(), out var back).ShouldBeTrue();
        back.ShouldBe(cursor);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-txn_1")]
    [InlineData("1772366400000001")]
    [InlineData("1772366400000001-")]
    [InlineData("1772366400000001-'; --")]
    [InlineData("-1-txn_1")]
    [InlineData("9223372036854775807-txn_1")]
    [InlineData("1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Anything_else_is_no_cursor(string? text) => HistoryCursor.TryParse(text, out _).ShouldBeFalse();
}
