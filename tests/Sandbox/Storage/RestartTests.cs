using StellarPay.Sandbox.Storage;
using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Storage;

public sealed class RestartTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sandbox-restart").FullName;

    private string Folder => Path.Combine(_root, "data");

    [Theory]
    [InlineData(1_000)]
    [InlineData(2)]
    public async Task A_network_goes_on_after_its_last_closed_ledger(int ledgersPerSnapshot)
    {
        using var payer = SigningKey.Generate();
        using var payee = SigningKey.Generate();
        string account, operations, effects;
        uint ledger;
        await using (var sandbox = await StartAsync(Folder, ledgersPerSnapshot))
        {
            await BusyAsync(sandbox, payer, payee);
            ledger = sandbox.Network.LatestLedger;
            (account, operations, effects) = await SeeAsync(sandbox, payer);
        }

        await using var again = await StartAsync(Folder, ledgersPerSnapshot);
        again.Network.LatestLedger.ShouldBe(ledger);
        (await SeeAsync(again, payer)).ShouldBe((account, operations, effects));
        await again.SubmitOkAsync(payer, new PaymentOperation(payee.AccountId, Asset.Native, 1));
        again.Network.LatestLedger.ShouldBe(ledger + 1);
        again.Network.History.Latest.PreviousHash.ShouldBe(again.Network.History.Ledger(ledger)!.Hash);
    }

    [Fact]
    public async Task A_ledger_that_another_version_wrote_is_refused_by_name()
    {
        uint ledger;
        await using (var sandbox = await StartAsync(Folder, 1_000))
        {
            ledger = sandbox.Network.LatestLedger + 1;
        }

        using (var log = LedgerLog.Open(Path.Combine(Folder, "ledgers.log"), (_, _) => { }))
        {
            log.Append(ledger, [0, 0, 0, 1, .. "not as ledgers are written now"u8]);
        }

        (await Should.ThrowAsync<SandboxStartException>(() => StartAsync(Folder, 1_000))).Message.ShouldBe(
            $"Ledger {ledger} in '{Folder}' was written by another version of the sandbox. Use that version, " +
            "or delete the folder to start a new network.");
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(2)]
    public async Task What_a_killed_process_leaves_behind_is_every_ledger_that_it_answered_for(int ledgersPerSnapshot)
    {
        using var payer = SigningKey.Generate();
        using var payee = SigningKey.Generate();
        await using var sandbox = await StartAsync(Folder, ledgersPerSnapshot);
        await BusyAsync(sandbox, payer, payee);
        var expected = await SeeAsync(sandbox, payer);
        // The files as they are while the process still runs are what SIGKILL leaves.
        var copy = CopyFolder();

        await using var again = await StartAsync(copy, ledgersPerSnapshot);
        again.Network.LatestLedger.ShouldBe(sandbox.Network.LatestLedger);
        (await SeeAsync(again, payer)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1)]
    public async Task An_unfinished_last_ledger_is_cut_off_even_behind_its_snapshot(int ledgersPerSnapshot)
    {
        uint ledger;
        await using (var sandbox = await StartAsync(Folder, ledgersPerSnapshot))
        {
            using var key = await sandbox.FundAsync();
            ledger = sandbox.Network.LatestLedger;
        }

        var log = Path.Combine(Folder, "ledgers.log");
        using (var file = File.OpenWrite(log))
        {
            file.SetLength(file.Length - 5);
        }

        await using var again = await StartAsync(Folder, ledgersPerSnapshot);
        again.Network.LatestLedger.ShouldBe(ledger - 1);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_passed_over_for_the_one_before_it()
    {
        using var payer = SigningKey.Generate();
        using var payee = SigningKey.Generate();
        (string, string, string) expected;
        await using (var sandbox = await StartAsync(Folder, ledgersPerSnapshot: 2))
        {
            await BusyAsync(sandbox, payer, payee);
            expected = await SeeAsync(sandbox, payer);
        }

        var snapshots = Directory.GetFiles(Folder, "*.snapshot");
        snapshots.Length.ShouldBe(2);
        var bytes = File.ReadAllBytes(snapshots.Max()!);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(snapshots.Max()!, bytes);

        await using var again = await StartAsync(Folder, ledgersPerSnapshot: 2);
        (await SeeAsync(again, payer)).ShouldBe(expected);
    }

    [Fact]
    public async Task Damage_in_the_middle_is_refused_in_a_sentence_that_names_the_file()
    {
        await using (var sandbox = await StartAsync(Folder))
        {
            (await sandbox.FundAsync()).Dispose();
            (await sandbox.FundAsync()).Dispose();
        }

        var log = Path.Combine(Folder, "ledgers.log");
        var bytes = File.ReadAllBytes(log);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(log, bytes);
        (await Should.ThrowAsync<SandboxStartException>(() => StartAsync(Folder))).Message
            .ShouldStartWith($"The ledger log '{log}' is damaged at byte ");
    }

    [Fact]
    public async Task A_folder_of_another_network_is_refused()
    {
        await (await StartAsync(Folder)).DisposeAsync();
        (await Should.ThrowAsync<SandboxStartException>(() => TestSandbox.StartAsync(options =>
        {
            options.DataFolder = Folder;
            options.Passphrase = "Another Network";
        }))).Message.ShouldBe(
            $"The folder '{Folder}' holds a network with the passphrase \"{SandboxOptions.StandalonePassphrase}\", not " +
            "\"Another Network\". Use another folder, or the same passphrase.");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Task<TestSandbox> StartAsync(string folder, int ledgersPerSnapshot = 1_000) =>
        TestSandbox.StartAsync(options =>
        {
            options.DataFolder = folder;
            options.LedgersPerSnapshot = ledgersPerSnapshot;
        });

    /// <summary>Every kind of entry comes about, and one of each goes again.</summary>
    private static async Task BusyAsync(TestSandbox sandbox, SigningKey payer, SigningKey payee)
    {
        await sandbox.GetOkAsync($"friendbot?addr={payer.AccountId}");
        await sandbox.GetOkAsync($"friendbot?addr={payee.AccountId}");
        var usdc = Asset.Credit("USDC", sandbox.Network.Keys.UsdcIssuer.AccountId);
        await sandbox.SubmitOkAsync(payer, new ChangeTrustOperation(usdc, long.MaxValue));
        await sandbox.PostAsync("admin/issue", new { account = payer.AccountId.ToString(), amount = "100" });
        await sandbox.SubmitOkAsync(
            payer,
            new ManageSellOfferOperation(usdc, Asset.Native, 10_000_000, new Price(1, 2), 0),
            new ManageDataOperation("kept", Bytes.Create("value"u8)),
            new ManageDataOperation("gone", Bytes.Create("value"u8)),
            new CreateClaimableBalanceOperation(
                Asset.Native, 5, [new Claimant(payee.AccountId, ClaimUnconditional.Instance)]));
        await sandbox.SubmitOkAsync(payer, new ManageDataOperation("gone", null));
    }

    private static async Task<(string Account, string Operations, string Effects)> SeeAsync(
        TestSandbox sandbox, SigningKey key)
    {
        var port = sandbox.Http.BaseAddress!.Authority;
        return (
            Strip(await sandbox.GetOkAsync($"accounts/{key.AccountId}")),
            Strip(await sandbox.GetOkAsync($"accounts/{key.AccountId}/operations?limit=200&join=transactions")),
            Strip(await sandbox.GetOkAsync($"accounts/{key.AccountId}/effects?limit=200")));

        string Strip(System.Text.Json.JsonElement json) => json.ToString().Replace(port, "host", StringComparison.Ordinal);
    }

    /// <summary>With another program's eyes, as this one has the files locked.</summary>
    private string CopyFolder()
    {
        var copy = Path.Combine(_root, "copy");
        using var process = System.Diagnostics.Process.Start("cp", ["-r", Folder, copy]);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return copy;
    }
}
