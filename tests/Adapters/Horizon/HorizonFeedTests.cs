using System.Security.Cryptography;
using System.Text;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Sandbox;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Tests.Horizon;

public sealed class HorizonFeedTests
{
    private const int Transactions = 4;
    private const int OperationsEach = 100;
    private const int MaxBytes = 512 * 1024;
    private const long StartingBalance = 10_000_000;

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    [Fact]
    public async Task Transactions_of_a_hundred_operations_are_read_once_each_and_not_once_for_each_operation()
    {
        // The bug kept away: a page of 200 operations, each with its whole transaction, is longer than an answer may be;
        // the follower asked for it again and again, for ever.
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(50) },
            cancellationToken: TestContext.Current.CancellationToken);
        using var http = new HttpClient(HorizonClient.CreateHandler());
        var horizon = new HorizonClient(
            http, new HorizonClientOptions { BaseUrls = [sandbox.BaseAddress], MaxResponseBytes = MaxBytes }, TimeProvider.System);
        using var root = SigningKey.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes(SandboxOptions.StandalonePassphrase)));
        var created = await CreateAccountsAsync(horizon, root);

        var read = await ReadAsync(new HorizonFeed(horizon, TimeProvider.System), created.Count);

        read.Select(operation => operation.To).ShouldBe(created);
        read.ShouldAllBe(operation => operation.Memo == "wide" && operation.MemoType == "text" && operation.Successful);
    }

    private static async Task<List<string?>> CreateAccountsAsync(HorizonClient horizon, SigningKey root)
    {
        var sequence = (await horizon.Accounts.GetAsync(root.AccountId, Deadline))!.Sequence;
        var created = new List<string?>();
        for (var i = 0; i < Transactions; i++)
        {
            var builder = new TransactionBuilder(root.AccountId, ++sequence).WithoutTimeBounds().WithMemo(new MemoText("wide"));
            for (var j = 0; j < OperationsEach; j++)
            {
                var account = new AccountId(RandomNumberGenerator.GetBytes(32));
                created.Add(account.ToString());
                builder.Add(new CreateAccountOperation(account, StartingBalance));
            }

            var envelope = builder.Build().Sign(new StellarNetwork(SandboxOptions.StandalonePassphrase), root);
            (await horizon.Transactions.SubmitAsync(envelope, Deadline)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        }

        return created;
    }

    private static async Task<List<LedgerOperation>> ReadAsync(HorizonFeed feed, int count)
    {
        var read = new List<LedgerOperation>();
        await foreach (var batch in feed.ReadAsync(0, Deadline))
        {
            batch.Unread.ShouldBeEmpty();
            read.AddRange(batch.Operations.Where(operation => operation.Type == "create_account" && operation.Memo is not null));
            if (read.Count >= count)
            {
                break;
            }
        }

        return read;
    }
}
