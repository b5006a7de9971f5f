using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Tests.Audit;

/// <summary>What the auditor says of sessions that were paid at an address of their own.</summary>
public sealed class AuditorOwnAddressTests
{
    private const string Own = "GOWN", Brought = "19";

    private readonly FabricatedShop _shop = new();

    // As before, but the customer paid the session's own account, and that the merchant.
    public AuditorOwnAddressTests()
    {
        _shop.OwnAddresses[Own] = FabricatedShop.Session;
        _shop.Move(Brought, "ab19", FabricatedShop.Customer, Own, 10, null);
        var at = Operations.FindIndex(operation => operation.Id == FabricatedShop.Paid);
        Operations[at] = Operations[at] with { From = Own };
        var session = _shop.Sessions[0];
        _shop.Sessions[0] = session with { Payments = [session.Payments[0] with { Hash = "ab19", AtOwnAddress = true }] };
    }

    private List<LedgerOperation> Operations => _shop.Run.Operations;

    [Fact]
    public void Nothing_is_found_where_all_went_to_the_merchant_and_the_account_is_gone() => _shop.Findings().ShouldBeEmpty();

    [Fact]
    public void What_is_said_to_be_of_whoever_did_not_send_it_is_found()
    {
        var session = _shop.Sessions[0];
        _shop.Sessions[0] = session with { Payments = [session.Payments[0] with { Hash = "ab20" }] };

        _shop.Findings().ShouldContain($"session {FabricatedShop.Session}");
    }

    [Fact]
    public void What_is_shown_as_the_payers_own_payment_is_found()
    {
        var session = _shop.Sessions[0];
        _shop.Sessions[0] = session with { Payments = [session.Payments[0] with { Hash = "ab20", From = Own, AtOwnAddress = false }] };

        _shop.Findings().ShouldContain($"session {FabricatedShop.Session}");
    }

    [Fact]
    public void An_account_that_keeps_something_is_found()
    {
        _shop.Move("23", "ab23", FabricatedShop.Customer, Own, 2, null);

        _shop.Findings().ShouldContain($"own address {FabricatedShop.Session}");
    }

    [Fact]
    public void An_account_that_pays_somebody_else_is_found()
    {
        _shop.Move("23", "ab23", FabricatedShop.Customer, Own, 2, null);
        _shop.Move("24", "ab24", Own, FabricatedShop.Customer, 2, FabricatedShop.Session);

        _shop.Findings().ShouldContain($"own address {FabricatedShop.Session}");
    }

    [Fact]
    public void An_account_that_outlives_its_session_is_found()
    {
        _shop.Account(Own, 0);

        _shop.Findings().ShouldContain($"own address {FabricatedShop.Session}");
    }
}
