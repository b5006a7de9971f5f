using System.Security.Cryptography;
using System.Text;
using StellarPay.Adapters.Horizon;
using StellarPay.Sandbox;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>
/// How long a transaction is as Horizon writes it, a stranger chooses; how many the follower asks for at once must follow. At the
/// bound of <c>HorizonFeedTests</c>, which stands for the 8 MiB of production.
/// </summary>
public sealed class LargeTransactionTests
{
    private const int MaxBytes = 512 * 1024;
    private const int Large = 4;

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    [Fact]
    public async Task Ledgers_after_a_strangers_largest_transactions_are_read_though_a_page_of_them_is_longer_than_an_answer_may_be()
    {
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(50) },
            cancellationToken: TestContext.Current.CancellationToken);
        using var http = new HttpClient(HorizonClient.CreateHandler());
        // The stranger is not bound by what we read.
        var stranger = new HorizonClient(http, new HorizonClientOptions { BaseUrls = [sandbox.BaseAddress] }, TimeProvider.System);
        using var root = SigningKey.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes(SandboxOptions.StandalonePassphrase)));
        var sequence = (await stranger.Accounts.GetAsync(root.AccountId, Deadline))!.Sequence;
        for (var transaction = 0; transaction < Large; transaction++)
        {
            var large = new TransactionBuilder(root.AccountId, ++sequence).WithoutTimeBounds();
            for (var operation = 0; operation < 100; operation++)
            {
                large.Add(new CreateClaimableBalanceOperation(Asset.Native, 1, [.. Enumerable.Range(0, 10).Select(_ => Claimant())]));
            }

            await SubmitAsync(large);
        }

        var bystander = new AccountId(RandomNumberGenerator.GetBytes(32));
        await SubmitAsync(new TransactionBuilder(root.AccountId, ++sequence).WithoutTimeBounds()
            .Add(new CreateAccountOperation(bystander, 10_000_000)));

        var follower = new HorizonClient(
            http, new HorizonClientOptions { BaseUrls = [sandbox.BaseAddress], MaxResponseBytes = MaxBytes }, TimeProvider.System);
        (await ReadsAsync(new HorizonFeed(follower, TimeProvider.System), bystander)).ShouldBeTrue();

        async Task SubmitAsync(TransactionBuilder transaction)
        {
            var envelope = transaction.Build().Sign(new StellarNetwork(SandboxOptions.StandalonePassphrase), root);
            (await stranger.Transactions.SubmitAsync(envelope, Deadline)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        }
    }

    private static async Task<bool> ReadsAsync(HorizonFeed feed, AccountId account)
    {
        await foreach (var batch in feed.ReadAsync(0, Deadline))
        {
            if (batch.Operations.Any(operation => operation.To == account.ToString()))
            {
                return true;
            }
        }

        return false;
    }

    private static Claimant Claimant() => new(
        new AccountId(RandomNumberGenerator.GetBytes(32)), Both(Both(Leaf(), Leaf()), Both(Leaf(), Leaf())));

    private static ClaimPredicate Both(ClaimPredicate one, ClaimPredicate other) => new ClaimAnd([one, other]);

    private static ClaimPredicate Leaf() => new ClaimBeforeAbsoluteTime(4_000_000_000);
}
