using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>
/// A stranger creates the account before its sponsor does. The bugs kept away: the account was never opened, and all that shared a
/// transaction with it were tried again in small groups.
/// </summary>
public abstract class AdoptedOpeningTests(SharedWorld shared)
{
    private const int Others = 12;

    [Fact]
    public async Task It_is_adopted_with_what_is_missing_and_its_neighbours_fail_with_it_once_at_most()
    {
        await using var world = await shared.StartOwnAsync();
        var remembered = false;
        world.Storage.FailNextWrite(GrainState.Wallet, Failing.BeforeTheWrite, json =>
        {
            remembered |= json.Contains("\"opensAlone\":true", StringComparison.Ordinal);
            return false;
        });
        var adopted = world.NewUnopenedUser();
        await adopted.CreateAsync();
        var address = (string)world.Storage.Stored(GrainState.Wallet, adopted.Key)["address"]!;
        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 7, Native = 10_000_000, Reserve = 10_000_000 });
        TestUser[] all = [adopted, .. Enumerable.Range(0, Others).Select(_ => world.NewUnopenedUser())];

        await Task.WhenAll(all.Select(user => user.OpenAsync()));
        foreach (var user in all)
        {
            await user.UntilActiveAsync();
        }

        remembered.ShouldBeTrue();
        world.Storage.Stored(GrainState.Wallet, adopted.Key).ContainsKey("opensAlone").ShouldBeFalse();
        world.Network.Look(l => l.Accounts[address].Trustlines.Keys.Single()).ShouldBe(world.Network.Usdc);
        (await adopted.AddressAsync()).ShouldBe(address);
        Failed(world).ShouldHaveSingleItem().ShouldContain(address);
        world.EventsOf("wallet.activated").Length.ShouldBe(Others + 1);
    }

    [Fact]
    public async Task It_can_be_paid_and_pay_as_any_other_but_for_the_reserve_that_the_stranger_gave()
    {
        await using var world = await shared.StartOwnAsync();
        var adopted = world.NewUnopenedUser();
        await adopted.CreateAsync();
        var address = (string)world.Storage.Stored(GrainState.Wallet, adopted.Key)["address"]!;
        world.Network.Look(l => l.Accounts[address] = new FakeAccount { Sequence = 7, Native = 10_000_000, Reserve = 10_000_000 });

        await adopted.OpenAsync();
        await adopted.UntilActiveAsync();
        world.Network.Issue(address, 50_000_000);
        await adopted.UntilBalanceAsync(50_000_000);
        var payment = await adopted.PayAsync(world.Network.NewOutsider(), "5");

        await adopted.UntilAsync(payment.Id, Grains.Payments.PaymentStatus.Succeeded);
        await adopted.UntilBalanceAsync(0);
    }

    // The accounts that each transaction which failed was to open.
    private static string[][] Failed(TestWorld world) => world.Network.Look(l => l.Applied.Values
        .Where(applied => applied.Code is not null)
        .Select(applied => world.Network.Submitted
            .Select(TransactionEnvelope.FromXdrBase64).OfType<TransactionV1Envelope>()
            .First(envelope => envelope.HashOn(new Stellar.StellarNetwork(FakeNetwork.Passphrase)).ToString() == applied.Hash)
            .Transaction.Operations.Select(operation => operation.Body).OfType<CreateAccountOperation>()
            .Select(create => create.Destination.ToString()).ToArray())
        .ToArray());
}

[Trait("Length", "long")]
public sealed class AdoptedOpeningInMemoryTests(SharedWorld shared) : AdoptedOpeningTests(shared), IClassFixture<SharedWorld>;

public sealed class AdoptedOpeningOnPostgresTests(SharedPostgresWorld shared)
    : AdoptedOpeningTests(shared), IClassFixture<SharedPostgresWorld>;
