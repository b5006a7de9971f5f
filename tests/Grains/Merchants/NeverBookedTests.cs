using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Tests.Merchants;

/// <summary>
/// Payments that an operator closed, until their sessions know. The bug kept away: of many the first were forgotten, and what their
/// sessions had ordered of them was paid of others' money.
/// </summary>
public sealed class NeverBookedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MerchantState _state = new();
    private readonly MerchantBook _book;

    public NeverBookedTests() => _book = new MerchantBook("mer_1", _state, TimeProvider.System);

    [Fact]
    public void None_is_forgotten_of_however_many_and_one_too_many_is_not_closed_yet()
    {
        var refused = 0;
        for (var number = 1; number <= UnbookedSales.Most + 1; number++)
        {
            refused += IsClosed(number, new SessionVerdict($"pay_{number}", "native", Received: 5, Held: 5)) ? 0 : 1;
        }

        for (var number = 1; number <= UnbookedSales.Most; number++)
        {
            UnbookedSales.IsOfNothing(_state, Row(number, Order()), isOfTaken: false).ShouldBeTrue($"{number} is in nobody's books");
        }

        refused.ShouldBe(1);
    }

    [Fact]
    public void None_of_what_was_accepted_is_forgotten_either()
    {
        var refused = 0;
        for (var number = 1; number <= UnbookedSales.Most + 1; number++)
        {
            refused += IsClosed(number, new SessionVerdict($"pay_{number}", "native", Credited: 5)) ? 0 : 1;
        }

        for (var number = 1; number <= UnbookedSales.Most; number++)
        {
            UnbookedSales.IsOfNothing(_state, Row(number, Order()), isOfTaken: true).ShouldBeTrue($"{number} is held still");
        }

        refused.ShouldBe(1);
    }

    private bool IsClosed(int number, SessionVerdict verdict)
    {
        try
        {
            _book.PassOver(Row(number, verdict.ToJson()));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static OwnerRow Row(int number, System.Text.Json.JsonElement content) => new(
        new LedgerOwner(PaymentSessionState.Name, $"pay_{number}"), 1, 1, new LedgerPlace(1, number), content);

    private static System.Text.Json.JsonElement Order() =>
        new RefundOrder("re_1", "native", IsHeld: true, [new RefundOrderLeg("G", 5, 0)], Noon).ToJson();
}
