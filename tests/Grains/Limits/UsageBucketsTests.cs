using System.Text.Json;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Limits;

/// <summary>How the usage of limits is stored: packed, and readable as it was stored before.</summary>
public sealed class UsageBucketsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 3, 20, TimeSpan.Zero);

    [Fact]
    public void Usage_is_read_as_it_was_stored_to_the_unit()
    {
        var wallet = new WalletState();
        foreach (var (units, hours) in new[] { (1L, 0), (127, 1), (128, 2), (long.MaxValue, -95), (16_384, 23) })
        {
            LimitLedger.Reserve(wallet, new PaymentRecord { LimitUnits = units, CreatedAt = Noon.AddHours(hours) });
        }

        var json = JsonSerializer.Serialize(wallet, StateJson.Options);
        var read = JsonSerializer.Deserialize<WalletState>(json, StateJson.Options)!;

        Text(read.DayUsage).ShouldBe(Text(wallet.DayUsage));
        Text(read.MonthUsage).ShouldBe(Text(wallet.MonthUsage));
        JsonSerializer.Serialize(read, StateJson.Options).ShouldBe(json);
    }

    [Theory]
    [InlineData("gA==")]
    [InlineData("AQ==")]
    [InlineData("AYCAgICAgICAgICAgIA=")]
    [InlineData("?")]
    public void What_is_no_usage_is_not_taken_for_none(string stored) => Should.Throw<Exception>(
        () => JsonSerializer.Deserialize<WalletState>($$"""{"dayUsage":"{{stored}}"}""", StateJson.Options)).ShouldBeAssignableTo<JsonException>();

    private static string Text(List<UsageBucket> buckets) => string.Join(
        ' ', buckets.OrderBy(bucket => bucket.From).Select(bucket => $"{bucket.From:HH:mm}+{bucket.Units}"));
}
