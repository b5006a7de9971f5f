using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Network;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Parking;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Network;

public sealed class ParkedOperationsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _service = $"tests-{Guid.NewGuid():N}";
    private readonly WalletId _wallet = WalletId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresParkedOperations Parked => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task An_operation_is_kept_once_for_each_wallet_and_comes_back_as_it_was()
    {
        var one = New(5);
        var nobodys = New(5) with { Wallet = null, TransactionHash = null, Kind = ParkedKind.Unreadable };
        await Parked.AddAsync([one, nobodys], Cancelled);
        await Parked.AddAsync([one with { Error = "another" }], Cancelled);
        await Parked.AddAsync([], Cancelled);

        (await Parked.FindAsync(5, Cancelled)).ShouldBe([nobodys, one]);
        (await Parked.CountOpenAsync(Cancelled)).ShouldBe(2);
        (await Parked.FindAsync(6, Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entry_that_was_applied_never_changes_again()
    {
        await Parked.AddAsync([New(5)], Cancelled);
        var applied = New(5) with { Status = ParkedStatus.Applied, Attempts = 6, ResolvedAt = Noon, ResolvedBy = "usr_1" };

        await Parked.UpdateAsync(applied, Cancelled);
        await Parked.UpdateAsync(New(5) with { Error = "late" }, Cancelled);

        (await Parked.FindAsync(5, Cancelled)).ShouldBe([applied]);
        (await Parked.CountOpenAsync(Cancelled)).ShouldBe(0);
    }

    [Fact]
    public async Task Held_operations_are_found_by_their_wallet_in_the_ledgers_order()
    {
        var other = WalletId.New(TimeProvider.System);
        var held = new[] { 7, 5, 6 }.Select(token => New(token) with { Status = ParkedStatus.Held }).ToArray();
        await Parked.AddAsync([.. held, New(8) with { Wallet = other }], Cancelled);

        (await Parked.FindHeldAsync([_wallet, other], Cancelled)).ShouldBe([_wallet]);
        (await Parked.FindHeldAsync([], Cancelled)).ShouldBeEmpty();
        (await Parked.ReadHeldAsync(_wallet, 2, Cancelled)).Select(entry => entry.PagingToken).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task The_list_is_newest_first_in_pages_of_whole_operations()
    {
        await Parked.AddAsync([New(1), New(2), New(2) with { Wallet = null }, New(3) with { Status = ParkedStatus.Applied }], Cancelled);

        (await Parked.ListAsync(open: true, null, 1, Cancelled)).Select(entry => entry.PagingToken).ShouldBe([2, 2]);
        (await Parked.ListAsync(open: true, 2, 10, Cancelled)).Select(entry => entry.PagingToken).ShouldBe([1]);
        (await Parked.ListAsync(open: false, null, 10, Cancelled)).Select(entry => entry.PagingToken).ShouldBe([3, 2, 2, 1]);
    }

    private ParkedOperation New(long token) => new(
        token, _wallet, 1, "hash", ParkedKind.Refused, "{}", "It overflows.", 5, ParkedStatus.Parked, Noon);
}
