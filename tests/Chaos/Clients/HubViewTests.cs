using System.Text.Json;
using StellarPay.Chaos.Clients.Hub;

namespace StellarPay.Chaos.Tests.Clients;

public sealed class HubViewTests
{
    private readonly HubView _view = new();

    [Fact]
    public void State_and_then_changes_in_order_is_how_it_must_be()
    {
        _view.Connected();
        _view.Take("state", State(5));
        _view.Take("payment", Payment(6, "processing"));
        _view.Take("balance", Wallet(6));
        _view.Take("security", Json(new { type = "login" }));
        _view.Take("payment", Payment(7, "succeeded"));

        var picture = _view.Picture();
        picture.Complaints.ShouldBeEmpty();
        picture.Wallet.GetProperty("revision").GetInt64().ShouldBe(6);
        picture.Payments["txn_1"].Status.ShouldBe("succeeded");
        (picture.IsLive, picture.StateRevision, picture.Connections).ShouldBe((true, 5, 1));
    }

    [Fact]
    public void A_change_before_the_state_is_seen()
    {
        _view.Connected();
        _view.Take("balance", Wallet(6));

        _view.Picture().Complaints.ShouldBe(["balance came before the state"]);
    }

    [Fact]
    public void A_change_that_the_state_showed_already_is_seen()
    {
        _view.Connected();
        _view.Take("state", State(5));
        _view.Take("balance", Wallet(5));

        _view.Picture().Complaints.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_connection_that_begins_before_what_was_pushed_is_seen()
    {
        _view.Connected();
        _view.Take("state", State(5));
        _view.Take("balance", Wallet(6));
        _view.Connected();
        _view.Picture().IsLive.ShouldBeFalse();
        _view.Take("state", State(5));

        _view.Picture().Complaints.ShouldBe(["revision 6 was pushed, and the next connection began at 5"]);
    }

    private static JsonElement State(long revision) => Json(new { wallet = new { revision }, payments = Array.Empty<object>() });

    private static JsonElement Wallet(long revision) => Json(new { revision });

    private static JsonElement Payment(long revision, string status) => Json(new { id = "txn_1", revision, status });

    private static JsonElement Json(object body) => JsonSerializer.SerializeToElement(body);
}
