using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Ledger;

public sealed class LedgerAuditTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Wallet = "wal_audited";
    private const string Address = "GAUDITED";

    private static readonly Asset Usdc = Asset.Issued("USDC", "GDC5KU7OCJXZ3GBQ5IMV4CLJCI4SSVIIXBFOKUTGTIEEJAA225OOTEBF");

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private LedgerAudit Audit => new(database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task What_was_taken_in_is_summed_up_and_what_waits_or_is_parked_is_not()
    {
        await StoreAsync($$$"""{"native":{"stroops":29},"{{{Usdc.Canonical}}}":{"stroops":5}}""");
        await AddAsync(1, Paid("GSTRANGER", Address, Asset.Native, 50));
        await AddAsync(2, Paid(Address, "GSTRANGER", Asset.Native, 20));
        await AddAsync(3, Outcome(feeAccount: Address, fee: 1));
        await AddAsync(4, Outcome(feeAccount: "GFEES", fee: 1_000));
        await AddAsync(5, Paid("GSTRANGER", Address, Usdc, 5));
        await AddAsync(6, Paid("GSTRANGER", Address, Asset.Native, 1_000), waits: true);
        await AddAsync(7, Paid("GSTRANGER", Address, Asset.Native, 10_000), parked: true);

        var report = (await Audit.ReplayAsync(Wallet, Cancelled))!;

        report.Balances.ShouldBe([new ReplayedBalance(Usdc.Canonical, 5, 5), new ReplayedBalance("native", 29, 29)], ignoreOrder: true);
        (report.Address, report.Rows, report.Waiting, report.Parked, report.Agrees).ShouldBe((Address, 5, 1, 1, true));
    }

    [Fact]
    public async Task A_balance_that_the_ledger_does_not_give_is_shown()
    {
        await StoreAsync("""{"native":{"stroops":51}}""");
        await AddAsync(1, Paid("GSTRANGER", Address, Asset.Native, 50));

        var report = (await Audit.ReplayAsync(Wallet, Cancelled))!;

        report.Balances.ShouldBe([new ReplayedBalance("native", 51, 50)]);
        report.Agrees.ShouldBeFalse();
        (await Audit.ReplayAsync("wal_nobody", Cancelled)).ShouldBeNull();
    }

    private static LedgerEntry Paid(string from, string to, Asset asset, long stroops) => new(
        default,
        Movement: new LedgerOperation(
            1, "hash", null, true, "payment", from, to, new Amount(asset, stroops), null, 1, DateTimeOffset.UnixEpoch));

    private static LedgerEntry Outcome(string feeAccount, long fee) => new(
        default,
        Outcome: new LedgerOutcome(1, "hash", null, true, Address, 1, [Address], null, null, feeAccount, fee, 1, DateTimeOffset.UnixEpoch));

    private async Task StoreAsync(string balances)
    {
        var state = $$"""{"address":"{{Address}}","drained":{},"balances":{{balances}}}""";
        await ExecuteAsync("SELECT grain_state_write($1, 'wallet', $2, NULL, $3)", _service, Wallet, Encoding.UTF8.GetBytes(state));
        await ExecuteAsync("SELECT ledger_partitions_ensure(0, 0)");
    }

    private async Task AddAsync(long token, LedgerEntry entry, bool waits = false, bool parked = false)
    {
        await ExecuteAsync(
            """
            INSERT INTO ledger_movements (service_id, token, number, kind, transaction_hash, readers, content)
            VALUES ($1, $2, 0, $3, 'hash', ARRAY['wallet/' || $4], $5)
            """,
            _service, token, LedgerEntryJson.KindOf(entry), Wallet, LedgerEntryJson.Write(entry));
        if (waits)
        {
            await ExecuteAsync(
                "INSERT INTO ledger_inbox (service_id, owner_kind, owner_key, token, number) VALUES ($1, 'wallet', $2, $3, 0)",
                _service, Wallet, token);
        }

        if (parked)
        {
            await ExecuteAsync(
                """
                INSERT INTO ledger_parked (service_id, owner_kind, owner_key, token, number, error, attempts, status, parked_at)
                VALUES ($1, 'wallet', $2, $3, 0, 'It does not fit.', 1, 'parked', now())
                """,
                _service, Wallet, token);
        }
    }

    private async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
