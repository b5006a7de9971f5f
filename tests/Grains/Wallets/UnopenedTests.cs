using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>
/// A wallet of a user who has confirmed nothing: it has a key, costs the network nothing, and tells its address to nobody.
/// </summary>
public abstract class UnopenedTests(SharedWorld shared)
{
    [Fact]
    public async Task A_wallet_has_a_key_from_its_creation_and_nothing_on_the_network()
    {
        await using var world = await shared.StartOwnAsync();
        var user = world.NewUnopenedUser();

        var created = (await user.CreateAsync()).Value!;
        world.Business.Advance(TimeSpan.FromDays(1));
        await world.SweepAsync();

        (created.Status, created.Address).ShouldBe((WalletStatus.Unopened, null));
        var stored = world.Storage.Stored(GrainState.Wallet, user.Key);
        ((string)stored["key"]!["publicKey"]!).ShouldBe((string)stored["address"]!);
        stored.ContainsKey("dueAt").ShouldBeFalse();
        world.Network.Submitted.ShouldBeEmpty();
        world.Network.AccountsAsked.ShouldNotContain((string)stored["address"]!);
        (await user.ViewAsync()).Status.ShouldBe(WalletStatus.Unopened);
    }

    [Fact]
    public async Task What_is_told_of_it_does_not_name_the_address_before_it_is_opened()
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();
        await user.CreateAsync();
        var address = (string)world.Storage.Stored(GrainState.Wallet, user.Key)["address"]!;

        var told = world.EventsOf("wallet.created").ShouldHaveSingleItem();
        told.ToJsonString().ShouldNotContain(address);
        ((string)told["data"]!["status"]!).ShouldBe("unopened");
        (await user.Wallet.GetSnapshotAsync(user.Id)).Value!.Wallet.Address.ShouldBeNull();
        (await Keys(user).GetKeyAsync(user.Id)).Error!.Code.ShouldBe("contact_unconfirmed");

        (await user.OpenAsync()).Value!.Address.ShouldBe(address);
        world.EventsOf("wallet.opened").ShouldHaveSingleItem().ToJsonString().ShouldContain(address);
        (await user.AddressAsync()).ShouldBe(address);
        (await Keys(user).GetKeyAsync(user.Id)).Value!.Signer.ShouldBe(address);
    }

    [Fact]
    public async Task It_neither_pays_nor_is_paid_nor_has_its_key_replaced()
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();
        await user.CreateAsync();
        var before = world.Storage.Stored(GrainState.Wallet, user.Key).ToJsonString();

        Error?[] refused =
        [
            (await user.QuoteAsync(world.Network.NewOutsider(), "1", "key")).Error,
            (await user.QuoteAsync("no address", "no amount")).Error,
            (await user.Wallet.QuoteAsync(
                user.Id,
                new QuoteRequest(FakeNetwork.NewAddress(), "x", "XLM", "1", null, "k", ConfirmsAtOnce: true),
                TestContext.Current.CancellationToken)).Error,
            (await user.FundAsync()).Error,
            (await Keys(user).RotateKeyAsync(user.Id, TestContext.Current.CancellationToken)).Error,
        ];
        var asPayee = (await user.Wallet.GetAddressAsync()).Error!;

        refused.ShouldAllBe(error => error != null && error.Kind == ErrorKind.Forbidden && error.Code == "contact_unconfirmed");
        (asPayee.Kind, asPayee.Code, asPayee.Param).ShouldBe((ErrorKind.Refused, "contact_unconfirmed", "recipient"));
        world.Storage.Stored(GrainState.Wallet, user.Key).ToJsonString().ShouldBe(before);
    }

    [Fact]
    public async Task Only_the_user_whose_id_it_bears_has_it_created_and_opened()
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();
        await user.CreateAsync();
        var stranger = user with { Id = UserId.New(TimeProvider.System) };

        (await stranger.CreateAsync()).Error!.Code.ShouldBe("wallet_not_found");
        (await stranger.OpenAsync()).Error!.Code.ShouldBe("wallet_not_found");

        (await user.ViewAsync()).Status.ShouldBe(WalletStatus.Unopened);
    }

    [Fact]
    public async Task Created_and_opened_by_many_at_once_it_has_one_key_and_one_account()
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();

        var all = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => n % 2 == 0 ? user.CreateAsync() : user.OpenAsync()));
        await user.UntilActiveAsync();
        var late = (await user.CreateAsync()).Value!;

        var address = await user.AddressAsync();
        all.Select(each => each.Value!.Address).OfType<string>().Distinct().ShouldBe([address]);
        (late.Status, late.Address).ShouldBe((WalletStatus.Active, address));
        world.EventsOf("wallet.created").Length.ShouldBe(1);
        world.EventsOf("wallet.opened").Length.ShouldBe(1);
        world.Network.Look(l => l.Operations.Count(o => o.Type == "create_account" && o.To == address)).ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_creation_whose_write_failed_is_made_good_by_the_next_call(Failing how)
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();
        world.Storage.FailNextWriteOf(user, how);

        await Should.ThrowAsync<Exception>(user.CreateAsync());
        var stored = world.Storage.Find(GrainState.Wallet, user.Key)?["address"];
        (await user.CreateAsync()).Value!.Status.ShouldBe(WalletStatus.Unopened);

        var address = (string)world.Storage.Stored(GrainState.Wallet, user.Key)["address"]!;
        ((string?)stored).ShouldBe(how == Failing.AfterTheWriteTookEffect ? address : null);
        world.EventsOf("wallet.created").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task An_opening_that_was_asked_for_and_not_stored_is_asked_for_again_and_one_that_was_stored_goes_on(Failing how)
    {
        var world = await shared.ForTestAsync();
        var user = world.NewUnopenedUser();
        await user.CreateAsync();
        world.Storage.FailNextWriteOf(user, how);

        await Should.ThrowAsync<Exception>(user.OpenAsync());
        var isStored = how == Failing.AfterTheWriteTookEffect;
        (await user.ViewAsync()).Status.ShouldBe(isStored ? WalletStatus.Opening : WalletStatus.Unopened);
        if (!isStored)
        {
            (await user.OpenAsync()).Error.ShouldBeNull();
        }

        await world.UntilAfterSweepsAsync(async () => (await user.ViewAsync()).Status == WalletStatus.Active, "the wallet is active");
        world.EventsOf("wallet.opened").Length.ShouldBe(1);
        world.EventsOf("wallet.activated").Length.ShouldBe(1);
    }

    private static IWalletKeysGrain Keys(TestUser user) => user.World.Grains.GetGrain<IWalletKeysGrain>(user.Key);
}

[Trait("Length", "long")]
public sealed class UnopenedInMemoryTests(SharedWorld shared) : UnopenedTests(shared), IClassFixture<SharedWorld>;

public sealed class UnopenedOnPostgresTests(SharedPostgresWorld shared) : UnopenedTests(shared), IClassFixture<SharedPostgresWorld>;
