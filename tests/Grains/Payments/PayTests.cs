using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

public sealed class PayTests
{
    [Fact]
    public async Task A_payment_goes_from_quote_to_success_and_both_balances_follow_the_ledger()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("100");
        var payee = await world.NewUserAsync();

        var quote = await payer.QuotedAsync(await payee.AddressAsync(), "12.5");
        var confirmed = await payer.ConfirmedAsync(quote.Id);
        confirmed.Status.ShouldBe(PaymentStatus.Signed);

        var ended = await payer.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(875_000_000);
        await payee.UntilBalanceAsync(125_000_000);
        ended.TransactionHash.ShouldBe(confirmed.TransactionHash);
    }
}
