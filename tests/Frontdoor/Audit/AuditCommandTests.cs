using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Frontdoor.Audit;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Notary;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Frontdoor.Tests.Audit;

/// <summary>The audit log of a whole StellarPay, whose head the notary has written to a ledger, and a superuser.</summary>
public sealed class AuditCommandTests(AuditedHost host) : IClassFixture<AuditedHost>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_ledger_bears_witness_and_what_a_superuser_does_afterwards_shows()
    {
        var user = await host.SignUpAsync();
        await user.GetAsync("/v1/wallet");
        var (head, code, said) = await VerifyAsync();
        said[0].ShouldBe($"On the ledger {await host.AccountAsync()} has checkpoint {head.Number}, {head.Hash}.");
        said[^1].ShouldBe($"The audit log is as it was written; the ledger bears witness up to checkpoint {head.Number}.");
        code.ShouldBe(0);
        (await AskAsync(host.AskLedgerAsync, "verify", "--account", await host.AccountAsync())).Code.ShouldBe(0);

        await CutAsync();

        (code, said) = await AskAsync(host.AskLedgerAsync, "verify");
        said[^1].ShouldBe("The audit log is NOT as it was written.");
        said.ShouldContain(line => line.StartsWith("stellarpay/checkpoints 1: this entry ", StringComparison.Ordinal)
            && line.Contains("the ledger knew entry", StringComparison.Ordinal));
        code.ShouldBe(1);

        // He also changes what the notary says in the database, and whose account it is; the one that was written down tells.
        await ExecuteAsync("UPDATE grain_state SET payload = payload - 'anchored' WHERE state_name = 'notary'");
        var account = await host.AccountAsync();
        await ExecuteAsync(
            "UPDATE grain_state SET payload = jsonb_set(payload, '{key,publicKey}', to_jsonb('GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7'::text)) WHERE state_name = 'notary'");
        (code, said) = await AskAsync(host.AskLedgerAsync, "verify", "--account", account);
        said[0].ShouldBe(
            "The database says that plt_notary is GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7, which is not the account that was named.");
        code.ShouldBe(1);
    }

    [Fact]
    public async Task A_ledger_that_does_not_answer_leaves_the_question_open_and_says_so()
    {
        var unreachable = (AccountId _) => Task.FromException<AuditHead?>(new NetworkProfileException("nobody there"));
        await using var other = new EmptyLog(host);

        var (code, said) = await other.AskAsync(unreachable, "verify");
        said[^1].ShouldBe("The chains fit. Whether their end is cut off only the ledger could say.");
        said[0].ShouldBe("plt_notary has no key here; name its address with --account.");
        code.ShouldBe(3);
        (code, said) = await other.AskAsync(unreachable, "verify", "--account", "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7");
        said[0].ShouldBe("The ledger was not read: nobody there");
        code.ShouldBe(3);
        (await other.AskAsync(unreachable, "verify", "--offline")).Code.ShouldBe(3);
    }

    [Theory]
    [InlineData]
    [InlineData("check")]
    [InlineData("verify", "--account")]
    [InlineData("verify", "--account", "GABC")]
    [InlineData("verify", "--offline", "now")]
    public void A_command_that_is_not_understood_is_none(params string[] command) => AuditQuestion.Parse(command).ShouldBeNull();

    // With what was on the ledger meanwhile: the notary may write once more at any time.
    private async Task<(AuditHead Head, int Code, string[] Said)> VerifyAsync()
    {
        while (true)
        {
            var head = await host.UntilOnLedgerAsync(Deadline);
            var (code, said) = await AskAsync(host.AskLedgerAsync, "verify");
            if (await host.UntilOnLedgerAsync(Deadline) == head)
            {
                return (head, code, said);
            }
        }
    }

    private Task<(int Code, string[] Said)> AskAsync(Func<AccountId, Task<AuditHead?>> askLedger, params string[] command) =>
        AskAsync(host.Verification("stellarpay"), host.Services.GetRequiredService<IPlatformAccounts>(), askLedger, command);

    private static async Task<(int Code, string[] Said)> AskAsync(
        AuditVerification verification, IPlatformAccounts accounts, Func<AccountId, Task<AuditHead?>> askLedger, string[] command)
    {
        using var output = new StringWriter();
        var code = await new AuditVerdict(verification, accounts, output)
            .GiveAsync(AuditQuestion.Parse(command)!, askLedger, Cancelled);
        return (code, output.ToString().Trim().Split(Environment.NewLine));
    }

    // All that the log has, so that nothing in the database gives it away.
    private Task CutAsync() => ExecuteAsync("DELETE FROM audit_log");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await host.Database.DataSource.OpenConnectionAsync(Cancelled);
        await using var command = new NpgsqlCommand($"SET session_replication_role = replica; {sql}", connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    // The log of a service that has written nothing yet.
    private sealed class EmptyLog(AuditedHost host) : IPlatformAccounts, IAsyncDisposable
    {
        public Task<(int Code, string[] Said)> AskAsync(Func<AccountId, Task<AuditHead?>> askLedger, params string[] command) =>
            AuditCommandTests.AskAsync(host.Verification("nobody"), this, askLedger, command);

        public Task<IReadOnlyList<PlatformAccount>> ListAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<PlatformAccount>>([]);

        public Task<bool> TryAddAsync(PlatformSeed seed, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>A StellarPay whose notary writes each minute of the test's clock.</summary>
public sealed class AuditedHost : WholeHost
{
    protected override Dictionary<string, string?> Settings
    {
        get
        {
            var settings = base.Settings;
            settings["StellarPay:Platform:AuditAnchorMinutes"] = "1";
            return settings;
        }
    }

    internal AuditVerification Verification(string service) =>
        new(Database.DataSource, Options.Create(new PostgresOptions { ServiceId = service }));

    internal async Task<string> AccountAsync() => (await Services.GetRequiredService<IPlatformAccounts>()
        .ListAsync(TestContext.Current.CancellationToken)).Single(account => account.Name == INotaryGrain.Key).Address;

    internal async Task<AuditHead?> AskLedgerAsync(AccountId account)
    {
        using var http = new HttpClient(HorizonClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var horizon = new HorizonClient(http, new HorizonClientOptions { BaseUrls = [Sandbox] }, TimeProvider.System);
        return await AnchoredHeads.ReadAsync(horizon, account, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets a minute pass, and waits until the head is on the ledger.</summary>
    internal async Task<AuditHead> UntilOnLedgerAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var there = (await Services.GetRequiredService<IPlatformAccounts>().ListAsync(deadline.Token))
                .Any(account => account.Name == INotaryGrain.Key);
            if (there && await AskLedgerAsync(AccountId.Parse(await AccountAsync())) is { } head)
            {
                return head;
            }

            // What could not be signed at its time is tried again seconds later.
            Clock.Advance(TimeSpan.FromSeconds(5));
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}
