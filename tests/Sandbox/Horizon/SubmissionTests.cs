using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Horizon;

public sealed class SubmissionTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private TestSandbox Sandbox => fixture.Sandbox;

    [Fact]
    public async Task A_payment_is_answered_with_its_transaction_and_moves_the_money()
    {
        using var payer = await Sandbox.FundAsync();
        using var payee = await Sandbox.FundAsync();
        var envelope = Sandbox.Sign(payer, new PaymentOperation(payee.AccountId, Asset.Native, 125_000_000));
        var (status, body) = await Sandbox.PostTransactionAsync(envelope.ToXdrBase64());

        status.ShouldBe(200);
        body.GetProperty("hash").GetString().ShouldBe(envelope.HashOn(Sandbox.Network.Identity).ToString());
        body.GetProperty("successful").GetBoolean().ShouldBeTrue();
        body.GetProperty("fee_charged").GetString().ShouldBe("100");
        body.GetProperty("envelope_xdr").GetString().ShouldBe(envelope.ToXdrBase64());
        TransactionResult.FromXdrBase64(body.GetProperty("result_xdr").GetString()!).IsSuccess.ShouldBeTrue();
        TransactionMeta.FromXdrBase64(body.GetProperty("result_meta_xdr").GetString()!).ShouldNotBeNull();
        (await BalanceAsync(payee)).ShouldBe("10012.5000000");
        (await BalanceAsync(payer)).ShouldBe("9987.4999900");
    }

    [Fact]
    public async Task The_same_envelope_again_is_answered_with_the_same_transaction_and_applied_once()
    {
        using var payer = await Sandbox.FundAsync();
        using var payee = await Sandbox.FundAsync();
        var envelope = Sandbox.Sign(payer, new PaymentOperation(payee.AccountId, Asset.Native, 10_000_000)).ToXdrBase64();
        var first = await Sandbox.PostTransactionAsync(envelope);
        var second = await Sandbox.PostTransactionAsync(envelope);

        second.Status.ShouldBe(200);
        second.Body.GetProperty("ledger").GetInt32().ShouldBe(first.Body.GetProperty("ledger").GetInt32());
        (await BalanceAsync(payee)).ShouldBe("10001.0000000");
    }

    [Fact]
    public async Task A_transaction_that_fails_in_its_ledger_says_so_with_its_codes_and_stays_found()
    {
        using var payer = await Sandbox.FundAsync();
        using var nobody = SigningKey.Generate();
        var envelope = Sandbox.Sign(
            payer,
            new BumpSequenceOperation(0),
            new PaymentOperation(nobody.AccountId, Asset.Native, 1));
        var (status, problem) = await Sandbox.PostTransactionAsync(envelope.ToXdrBase64());

        status.ShouldBe(400);
        problem.GetProperty("type").GetString().ShouldBe("https://stellar.org/horizon-errors/transaction_failed");
        problem.GetProperty("title").GetString().ShouldBe("Transaction Failed");
        var extras = problem.GetProperty("extras");
        extras.GetProperty("result_codes").ToString().ShouldBe(
            """{"transaction":"tx_failed","operations":["op_success","op_no_destination"]}""");
        extras.GetProperty("envelope_xdr").GetString().ShouldBe(envelope.ToXdrBase64());
        TransactionResult.FromXdrBase64(extras.GetProperty("result_xdr").GetString()!)
            .Code.ShouldBe(TransactionResultCode.Failed);

        var hash = envelope.HashOn(Sandbox.Network.Identity);
        (await Sandbox.GetOkAsync($"transactions/{hash}")).GetProperty("successful").GetBoolean().ShouldBeFalse();
        (await Sandbox.ListAsync($"accounts/{payer.AccountId}/transactions?order=desc")).Count.ShouldBe(1);
        (await Sandbox.ListAsync($"accounts/{payer.AccountId}/transactions?include_failed=true")).Count.ShouldBe(2);
        (await Sandbox.ListAsync($"accounts/{payer.AccountId}/operations?include_failed=true")).Count.ShouldBe(3);
        (await Sandbox.ListAsync($"transactions/{hash}/operations")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_that_the_queue_refuses_is_in_no_ledger()
    {
        using var payer = await Sandbox.FundAsync();
        var late = new TransactionBuilder(payer.AccountId, Sandbox.NextSequence(payer.AccountId) + 1)
            .Add(new BumpSequenceOperation(0)).WithoutTimeBounds().Build().Sign(Sandbox.Network.Identity, payer);
        var (status, problem) = await Sandbox.PostTransactionAsync(late.ToXdrBase64());

        status.ShouldBe(400);
        problem.GetProperty("extras").GetProperty("result_codes").ToString().ShouldBe("""{"transaction":"tx_bad_seq"}""");
        (await Sandbox.GetAsync($"transactions/{late.HashOn(Sandbox.Network.Identity)}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_fee_bump_is_found_by_its_own_hash_and_by_that_of_the_transaction_within()
    {
        using var payer = await Sandbox.FundAsync();
        using var sponsor = await Sandbox.FundAsync();
        var inner = Sandbox.Sign(payer, new BumpSequenceOperation(0));
        var bump = FeeBump.Wrap(inner, sponsor.AccountId, 200).Sign(Sandbox.Network.Identity, sponsor);
        var (status, body) = await Sandbox.PostTransactionAsync(bump.ToXdrBase64());

        status.ShouldBe(200, body.ToString());
        body.GetProperty("fee_account").GetString().ShouldBe(sponsor.AccountId.ToString());
        body.GetProperty("max_fee").GetString().ShouldBe("400");
        var innerHash = inner.HashOn(Sandbox.Network.Identity).ToString();
        body.GetProperty("inner_transaction").GetProperty("hash").GetString().ShouldBe(innerHash);
        var found = await Sandbox.GetOkAsync($"transactions/{innerHash}");
        found.GetProperty("id").GetString().ShouldBe(innerHash);
        found.GetProperty("fee_bump_transaction").GetProperty("hash").GetString()
            .ShouldBe(body.GetProperty("hash").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    public async Task What_is_no_envelope_is_malformed_and_echoed(string envelope)
    {
        var (status, problem) = await Sandbox.PostTransactionAsync(envelope);
        status.ShouldBe(400);
        problem.GetProperty("type").GetString().ShouldBe("https://stellar.org/horizon-errors/transaction_malformed");
        problem.GetProperty("extras").GetProperty("envelope_xdr").GetString().ShouldBe(envelope);
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_refused_by_its_media_type()
    {
        var (status, problem) = await Sandbox.PostAsync("transactions", new { tx = "AAAA" });
        status.ShouldBe(415);
        problem.GetProperty("type").GetString().ShouldBe("https://stellar.org/horizon-errors/unsupported_media_type");
    }

    [Fact]
    public async Task Without_waiting_the_answer_is_what_the_queue_says()
    {
        await using var paused = await TestSandbox.StartAsync(options => options.StartPaused = true);
        var envelope = paused.Sign(paused.Network.Keys.Friendbot, new BumpSequenceOperation(0));
        var pending = await paused.PostTransactionAsync(envelope.ToXdrBase64(), "transactions_async");
        pending.Status.ShouldBe(201);
        pending.Body.ToString().ShouldBe(
            $$"""{"tx_status":"PENDING","hash":"{{envelope.HashOn(paused.Network.Identity)}}"}""");
        (await paused.PostTransactionAsync(envelope.ToXdrBase64(), "transactions_async")).Status.ShouldBe(409);

        var other = paused.Sign(paused.Network.Keys.Friendbot, new BumpSequenceOperation(1));
        (await paused.PostTransactionAsync(other.ToXdrBase64(), "transactions_async")).Status.ShouldBe(503);
        var unsigned = paused.Sign(paused.Network.Keys.Root, new BumpSequenceOperation(0)) with { Signatures = default };
        var refused = await paused.PostTransactionAsync(unsigned.ToXdrBase64(), "transactions_async");
        refused.Status.ShouldBe(400);
        refused.Body.GetProperty("tx_status").GetString().ShouldBe("ERROR");
        TransactionResult.FromXdrBase64(refused.Body.GetProperty("error_result_xdr").GetString()!)
            .Code.ShouldBe(TransactionResultCode.BadAuth);
    }

    [Fact]
    public async Task A_submission_that_no_ledger_takes_in_time_is_answered_with_504_and_may_still_be_applied()
    {
        var time = new TestClock();
        await using var sandbox = await TestSandbox.StartAsync(options => options.StartPaused = true, time);
        var envelope = sandbox.Sign(sandbox.Network.Keys.Friendbot, new BumpSequenceOperation(0));
        var answer = sandbox.PostTransactionAsync(envelope.ToXdrBase64());
        var hash = envelope.HashOn(sandbox.Network.Identity);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(30));
        var (status, problem) = await answer;
        status.ShouldBe(504);
        problem.GetProperty("type").GetString()
            .ShouldBe("https://stellar.org/horizon-errors/transaction_submission_timeout");
        problem.GetProperty("extras").GetProperty("hash").GetString().ShouldBe(hash.ToString());

        (await sandbox.PostAsync("admin/ledgers/close", new { })).Status.ShouldBe(200);
        (await sandbox.GetOkAsync($"transactions/{hash}")).GetProperty("successful").GetBoolean().ShouldBeTrue();
    }

    private async Task<string?> BalanceAsync(SigningKey key) =>
        (await Sandbox.GetOkAsync($"accounts/{key.AccountId}"))
            .GetProperty("balances").EnumerateArray().Last().GetProperty("balance").GetString();
}
