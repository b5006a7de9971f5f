using StellarPay.Sandbox.Tests.Horizon;
using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Sep29;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Client;

/// <summary>The project's own Horizon client against the sandbox: both sides read Horizon's documents the same way.</summary>
public sealed class HorizonClientTests : IClassFixture<SandboxFixture>
{
    private readonly SandboxFixture _fixture;
    private readonly HorizonClient _client;

    public HorizonClientTests(SandboxFixture fixture)
    {
        _fixture = fixture;
        var options = new HorizonClientOptions { BaseUrls = [fixture.Sandbox.Http.BaseAddress!] };
        _client = new HorizonClient(fixture.Sandbox.Http, options, TimeProvider.System);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TestSandbox Sandbox => _fixture.Sandbox;

    private StellarNetwork Network => Sandbox.Network.Identity;

    [Fact]
    public async Task The_network_says_what_it_is()
    {
        var root = await _client.GetRootAsync(Stop);
        root.NetworkPassphrase.ShouldBe(Network.Passphrase);
        var ledger = await _client.Ledgers.GetLatestAsync(Stop);
        ledger.Sequence.ShouldBeGreaterThanOrEqualTo(root.HistoryLatestLedger);
        (await _client.Ledgers.GetAsync(ledger.Sequence, Stop)).ShouldBe(ledger);
        (await _client.Ledgers.GetAsync(ledger.Sequence + 1_000_000, Stop)).ShouldBeNull();
        (await _client.GetFeeStatsAsync(Stop)).LastLedgerBaseFee.ShouldBe(ledger.BaseFee);
    }

    [Fact]
    public async Task A_payment_is_submitted_found_paged_and_streamed()
    {
        using var payer = SigningKey.Generate();
        using var payee = SigningKey.Generate();
        (await _client.Accounts.GetAsync(payer.AccountId, Stop)).ShouldBeNull();
        (await _client.Accounts.FundByFriendbotAsync(payer.AccountId, Stop)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        (await _client.Accounts.FundByFriendbotAsync(payee.AccountId, Stop)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        (await _client.Accounts.FundByFriendbotAsync(payee.AccountId, Stop)).Outcome.ShouldBe(SubmitOutcome.Terminal);

        var account = (await _client.Accounts.GetAsync(payer.AccountId, Stop)).ShouldNotBeNull();
        var envelope = new TransactionBuilder(payer.AccountId, account.Sequence + 1)
            .WithoutTimeBounds()
            .WithMemo(new MemoText("pay_01"))
            .Add(new PaymentOperation(new MuxedAccount(payee.AccountId, 7), Asset.Native, 125_000_000))
            .Build()
            .Sign(Network, payer);
        var hash = envelope.HashOn(Network);
        (await _client.Transactions.GetAsync(hash, Stop)).ShouldBeNull();
        var result = await _client.Transactions.SubmitAsync(envelope, Stop);
        result.Outcome.ShouldBe(SubmitOutcome.Succeeded, result.Reason);
        result.Hash.ShouldBe(hash);
        (await _client.Transactions.SubmitAsync(envelope, Stop)).Ledger.ShouldBe(result.Ledger);

        var transaction = (await _client.Transactions.GetAsync(hash, Stop)).ShouldNotBeNull();
        transaction.Ledger.ShouldBe(result.Ledger!.Value);
        transaction.EnvelopeXdr.ShouldBe(envelope.ToXdrBase64());
        transaction.SourceAccountSequence.ShouldBe(account.Sequence + 1);

        var query = new OperationsQuery { Account = payee.AccountId, JoinTransactions = true };
        var page = await _client.Operations.GetPaymentsAsync(query, new PageQuery { Descending = true, Limit = 1 }, Stop);
        var payment = page.Records.ShouldHaveSingleItem().ShouldBeOfType<PaymentRecord>();
        payment.Amount.ShouldBe(125_000_000);
        payment.To.ShouldBe(new MuxedAccount(payee.AccountId, 7));
        payment.Ledger.ShouldBe(result.Ledger.Value);
        payment.TransactionHash.ShouldBe(hash);
        payment.Transaction.ShouldNotBeNull().Memo.ShouldBe(new MemoText("pay_01"));

        await foreach (var streamed in _client.Operations.StreamPaymentsAsync(query, "0", Stop))
        {
            if (streamed.PagingToken == payment.PagingToken)
            {
                streamed.ShouldBe(payment);
                break;
            }

            streamed.ShouldBeOfType<CreateAccountRecord>().Account.ShouldBe(payee.AccountId);
        }
    }

    [Fact]
    public async Task Refusals_are_classified()
    {
        using var payer = await Sandbox.FundAsync();
        var sequence = Sandbox.NextSequence(payer.AccountId);
        var nobody = new PaymentOperation(new AccountId(new byte[32]), Asset.Native, 1);
        await ExpectAsync(Builder(sequence + 1), SubmitOutcome.Rebuild, "tx_bad_seq");
        await ExpectAsync(Builder(sequence).WithTimeBounds(new TimeBounds(0, 1)), SubmitOutcome.Terminal, "tx_too_late");
        await ExpectAsync(Builder(sequence).WithFee(1), SubmitOutcome.RetrySameEnvelope, "tx_insufficient_fee");
        await ExpectAsync(Builder(sequence).Add(nobody), SubmitOutcome.Terminal, "tx_failed");

        TransactionBuilder Builder(long number) => new TransactionBuilder(payer.AccountId, number)
            .WithoutTimeBounds().Add(new BumpSequenceOperation(0));

        async Task ExpectAsync(TransactionBuilder builder, SubmitOutcome outcome, string code)
        {
            var result = await _client.Transactions.SubmitAsync(builder.Build().Sign(Network, payer), Stop);
            (result.Outcome, result.TransactionCode).ShouldBe((outcome, code));
        }
    }

    [Fact]
    public async Task A_submission_without_waiting_is_found_later()
    {
        using var payer = await Sandbox.FundAsync();
        var envelope = Sandbox.Sign(payer, new BumpSequenceOperation(0));
        (await _client.Transactions.SubmitWithoutWaitingAsync(envelope.ToXdrBase64(), Stop)).Outcome.ShouldBe(SubmitOutcome.Unknown);
        await foreach (var transaction in _client.Transactions.StreamAsync(payer.AccountId, "0", cancellationToken: Stop))
        {
            if (transaction.Hash == envelope.HashOn(Network))
            {
                break;
            }
        }

        (await _client.Transactions.SubmitWithoutWaitingAsync("AAAA", Stop)).Outcome.ShouldBe(SubmitOutcome.Terminal);
    }

    [Fact]
    public async Task The_market_is_read()
    {
        using var issuer = await Sandbox.FundAsync();
        using var seller = await Sandbox.FundAsync();
        var asset = Asset.Credit("GOLD", issuer.AccountId);
        await Sandbox.SubmitOkAsync(seller, new ChangeTrustOperation(asset, long.MaxValue));
        await Sandbox.SubmitOkAsync(issuer, new PaymentOperation(seller.AccountId, asset, 1_000_000_000));
        await Sandbox.SubmitOkAsync(
            seller,
            new ManageSellOfferOperation(asset, Asset.Native, 500_000_000, new Price(2, 1), 0),
            new CreateClaimableBalanceOperation(
                asset, 100_000_000, [new Claimant(issuer.AccountId, ClaimUnconditional.Instance)]));

        var listed = await _client.Market.GetAssetsAsync("GOLD", issuer.AccountId, PageQuery.First, Stop);
        listed.Records.ShouldHaveSingleItem().AuthorizedBalance.ShouldBe(900_000_000);
        var offers = await _client.Market.GetOffersAsync(seller.AccountId, asset, Asset.Native, PageQuery.First, Stop);
        offers.Records.ShouldHaveSingleItem().Price.ShouldBe(new Price(2, 1));
        var book = await _client.Market.GetOrderBookAsync(asset, Asset.Native, cancellationToken: Stop);
        book.Asks.ShouldBe([new PriceLevel(2, 1, 500_000_000)]);
        book.Bids.ShouldBeEmpty();
        var balances = await _client.ClaimableBalances.GetPageAsync(issuer.AccountId, null, asset, PageQuery.First, Stop);
        balances.Records.ShouldHaveSingleItem().Amount.ShouldBe(100_000_000);
        var sent = await _client.Market.FindStrictSendPathsAsync(Asset.Native, 20_000_000, [asset], Stop);
        sent.ShouldHaveSingleItem().DestinationAmount.ShouldBe(10_000_000);
        var received = await _client.Market.FindStrictReceivePathsAsync([Asset.Native], asset, 10_000_000, Stop);
        received.ShouldHaveSingleItem().ShouldBe(new PaymentPath(Asset.Native, 20_000_000, asset, 10_000_000, []));
        (await _client.Accounts.GetAsync(seller.AccountId, Stop)).ShouldNotBeNull()
            .Balance(asset).ShouldNotBeNull().SellingLiabilities.ShouldBe(500_000_000);
    }

    [Fact]
    public async Task An_account_that_asks_for_memos_is_found()
    {
        using var payer = await Sandbox.FundAsync();
        using var exchange = await Sandbox.FundAsync();
        await Sandbox.SubmitOkAsync(exchange, new ManageDataOperation("config.memo_required", Bytes.Create("1"u8)));
        var payment = Sandbox.Sign(payer, new PaymentOperation(exchange.AccountId, Asset.Native, 1)).Transaction;
        (await MemoRequirement.FindMissingMemosAsync(payment, _client, Stop)).ShouldBe([exchange.AccountId]);
    }
}
