using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Compliance;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Compliance;

public sealed class DenyListTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly IOptions<PostgresOptions> _options =
        Options.Create(new PostgresOptions { ServiceId = $"tests-{Guid.NewGuid():N}" });

    private readonly TestClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresDenyListStore Store => new(database.DataSource, _options);

    [Fact]
    public async Task Who_is_on_the_list_is_denied_by_each_of_his_names()
    {
        var user = UserId.New(TimeProvider.System);
        await RegisterAsync("GWALLET", WalletId.Of(user));
        await AddAsync(DenyKinds.Address, "GADDRESS");
        await AddAsync(DenyKinds.User, user.Value);
        await AddAsync(DenyKinds.Domain, "evil.example");
        var list = List();

        (await IsDeniedAsync(list, new PaymentParty("GADDRESS"))).ShouldBeTrue();
        (await IsDeniedAsync(list, new PaymentParty("GOTHER", user))).ShouldBeTrue();
        (await IsDeniedAsync(list, new PaymentParty("GWALLET"))).ShouldBeTrue();
        (await IsDeniedAsync(list, new PaymentParty("GOTHER", null, "pay.Evil.example"))).ShouldBeTrue();
        (await IsDeniedAsync(list, new PaymentParty("GOTHER", UserId.New(TimeProvider.System), "notevil.example"))).ShouldBeFalse();
        (await IsDeniedAsync(list, new PaymentParty("GOTHER", null, "example"))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_counts_after_two_seconds_at_the_latest_in_both_directions()
    {
        var list = List();
        var party = new PaymentParty("GADDRESS");
        (await IsDeniedAsync(list, party)).ShouldBeFalse();
        (await AddAsync(DenyKinds.Address, party.Address)).ShouldBeTrue();

        _clock.Advance(CachedDenyList.GoodFor);
        (await IsDeniedAsync(list, party)).ShouldBeTrue();

        (await Store.RemoveAsync(DenyKinds.Address, party.Address, Cancelled)).ShouldBeTrue();
        _clock.Advance(CachedDenyList.GoodFor);
        (await IsDeniedAsync(list, party)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_denied_users_wallet_that_is_opened_later_is_denied_within_a_minute()
    {
        var user = UserId.New(TimeProvider.System);
        await AddAsync(DenyKinds.User, user.Value);
        var list = List();
        (await IsDeniedAsync(list, new PaymentParty("GLATE"))).ShouldBeFalse();
        await RegisterAsync("GLATE", WalletId.Of(user));

        _clock.Advance(CachedDenyList.ReadAgainAfter);

        (await IsDeniedAsync(list, new PaymentParty("GLATE"))).ShouldBeTrue();
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_is_no_leave_to_pay()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Timeout=1");
        var list = new CachedDenyList(nowhere, _options, _clock);

        await Should.ThrowAsync<DenyListUnavailableException>(() => IsDeniedAsync(list, new PaymentParty("GADDRESS")));
        await Should.ThrowAsync<DenyListUnavailableException>(() => IsDeniedAsync(list, new PaymentParty("GADDRESS")));
    }

    [Fact]
    public async Task A_list_that_no_waiting_brings_back_is_not_said_to_be_away_for_a_moment()
    {
        await using var unmigrated = NpgsqlDataSource.Create(await PostgresDatabase.CreateEmptyAsync());
        var list = new CachedDenyList(unmigrated, _options, _clock);

        var failure = await Should.ThrowAsync<PostgresException>(() => IsDeniedAsync(list, new PaymentParty("GADDRESS")));

        failure.SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
    }

    [Fact]
    public async Task What_is_on_the_list_is_there_once_and_keeps_its_first_reason()
    {
        (await Store.AddAsync(DenyKinds.Domain, "a.example", "First", "usr_1", Cancelled)).ShouldBeTrue();
        (await Store.AddAsync(DenyKinds.Domain, "a.example", "Second", "usr_2", Cancelled)).ShouldBeFalse();

        var entry = (await Store.FindAsync(DenyKinds.Domain, "a.example", Cancelled))!;
        (entry.Reason, entry.AddedBy).ShouldBe(("First", "usr_1"));
        (await Store.RemoveAsync(DenyKinds.Domain, "b.example", Cancelled)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_list_is_read_in_pages_in_the_order_of_its_names()
    {
        await AddAsync(DenyKinds.User, "usr_a");
        await AddAsync(DenyKinds.Address, "GB");
        await AddAsync(DenyKinds.Address, "GA");

        var first = await Store.ReadAsync(null, 2, Cancelled);
        var rest = await Store.ReadAsync((first[^1].Kind, first[^1].Value), 2, Cancelled);

        first.Concat(rest).Select(e => $"{e.Kind}:{e.Value}").ShouldBe(["address:GA", "address:GB", "user:usr_a"]);
    }

    private CachedDenyList List() => new(database.DataSource, _options, _clock);

    private Task<bool> AddAsync(string kind, string value) => Store.AddAsync(kind, value, "Because", "usr_x", Cancelled);

    private static Task<bool> IsDeniedAsync(CachedDenyList list, PaymentParty party) => list.IsDeniedAsync(party, Cancelled).AsTask();

    private async Task RegisterAsync(string address, WalletId wallet)
    {
        await using var command = database.DataSource.CreateCommand("SELECT ledger_addresses_register($1, 'wallet', $2, $3::jsonb)");
        command.Parameters.Add(new NpgsqlParameter { Value = _options.Value.ServiceId });
        command.Parameters.Add(new NpgsqlParameter { Value = wallet.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = $$"""[{"address":"{{address}}"}]""" });
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
