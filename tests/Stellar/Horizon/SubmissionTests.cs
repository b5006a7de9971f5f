using System.Net;
using System.Net.Sockets;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Horizon;

public sealed class SubmissionTests : HorizonTest
{
    private const string Envelope = "AAAA+/==";

    public static TheoryData<string, string[], SubmitOutcome, bool> Codes => new()
    {
        { "tx_failed", ["op_underfunded"], SubmitOutcome.Terminal, false },
        { "tx_failed", ["op_success", "op_no_trust"], SubmitOutcome.Terminal, false },
        { "tx_too_early", [], SubmitOutcome.RetrySameEnvelope, false },
        { "tx_too_late", [], SubmitOutcome.Terminal, true },
        { "tx_missing_operation", [], SubmitOutcome.Terminal, false },
        { "tx_bad_seq", [], SubmitOutcome.Rebuild, true },
        { "tx_bad_auth", [], SubmitOutcome.Terminal, false },
        { "tx_insufficient_balance", [], SubmitOutcome.Terminal, false },
        { "tx_no_source_account", [], SubmitOutcome.Terminal, true },
        { "tx_insufficient_fee", [], SubmitOutcome.RetrySameEnvelope, false },
        { "tx_bad_auth_extra", [], SubmitOutcome.Terminal, false },
        { "tx_internal_error", [], SubmitOutcome.Unknown, true },
        { "tx_not_supported", [], SubmitOutcome.Terminal, false },
        { "tx_bad_sponsorship", [], SubmitOutcome.Terminal, false },
        { "tx_bad_minseq_age_or_gap", [], SubmitOutcome.RetrySameEnvelope, false },
        { "tx_malformed", [], SubmitOutcome.Terminal, false },
        { "tx_soroban_invalid", [], SubmitOutcome.Terminal, false },
        { "tx_frozen_key_accessed", [], SubmitOutcome.Terminal, false },
        { "tx_failed", ["op_success", "op_trustline_frozen"], SubmitOutcome.Terminal, false },
        { "tx_of_the_future", [], SubmitOutcome.Unknown, true },
    };

    [Fact]
    public async Task A_transaction_in_a_ledger_has_succeeded()
    {
        Handler.Answer(HttpStatusCode.OK, $$"""{"hash":"{{HashHex}}","ledger":7,"successful":true,"result_xdr":"AAAA"}""");
        var result = await Client().Transactions.SubmitAsync(Envelope, Cancelled);
        result.ShouldBe(new SubmitResult
        {
            Outcome = SubmitOutcome.Succeeded,
            Reason = "Applied in ledger 7.",
            Hash = Hash.FromHex(HashHex),
            Ledger = 7,
            TransactionCode = "tx_success",
            ResultXdr = "AAAA",
            HttpStatus = 200,
        });
        Handler.Requests.ShouldBe(["POST http://one.example/transactions tx=AAAA%2B%2F%3D%3D"]);
    }

    [Fact]
    public async Task A_transaction_that_a_ledger_holds_as_failed_is_terminal()
    {
        Handler.Answer(HttpStatusCode.OK, $$"""{"hash":"{{HashHex}}","ledger":7,"successful":false}""");
        var result = await Client().Transactions.SubmitAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(SubmitOutcome.Terminal);
        result.Ledger.ShouldBe(7u);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Each_code_has_its_outcome(
        string code, string[] operations, SubmitOutcome expected, bool lookUpHashFirst)
    {
        var listed = string.Join(',', operations.Select(operation => $"\"{operation}\""));
        Handler.Answer(HttpStatusCode.BadRequest, $$$"""
            {"type":"https://stellar.org/horizon-errors/transaction_failed","title":"Transaction Failed","status":400,
            "extras":{"result_codes":{"transaction":"{{{code}}}","operations":[{{{listed}}}]},"result_xdr":"AAAAAAAAAGT////7AAAAAA=="}}
            """);
        var result = await Client().Transactions.SubmitAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(expected);
        result.LookUpHashFirst.ShouldBe(lookUpHashFirst);
        result.TransactionCode.ShouldBe(code);
        result.OperationCodes.ShouldBe(operations);
        result.HasUnknownCode.ShouldBe(code == "tx_of_the_future");
        result.ResultXdr.ShouldBe("AAAAAAAAAGT////7AAAAAA==");
        result.Reason.ShouldBe($"Stellar answered {string.Join(", ", [code, .. operations])}.");
        TransactionCodes.OutcomeOf(code).ShouldBe(expected);
    }

    [Theory]
    [InlineData("tx_bad_seq", SubmitOutcome.Rebuild)]
    [InlineData("tx_failed", SubmitOutcome.Terminal)]
    [InlineData("tx_too_late", SubmitOutcome.Terminal)]
    [InlineData("tx_success", SubmitOutcome.Unknown)]
    [InlineData("tx_frozen_key_accessed", SubmitOutcome.Terminal)]
    [InlineData("tx_of_the_future", SubmitOutcome.Unknown)]
    public async Task Of_a_fee_bump_the_inner_code_decides(string inner, SubmitOutcome expected)
    {
        Handler.Answer(HttpStatusCode.BadRequest, $$$"""
            {"status":400,"extras":
            {"result_codes":{"inner_transaction":"{{{inner}}}","transaction":"tx_fee_bump_inner_failed"} } }
            """);
        var result = await Client().Transactions.SubmitAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(expected);
        result.InnerTransactionCode.ShouldBe(inner);
        result.HasUnknownCode.ShouldBe(inner == "tx_of_the_future");
    }

    // A Horizon that is older than its stellar-core has no name for a code, and hands the result on without one.
    [Theory]
    [InlineData(TransactionResultCode.FrozenKeyAccessed, SubmitOutcome.Terminal, "tx_frozen_key_accessed")]
    [InlineData(TransactionResultCode.SorobanInvalid, SubmitOutcome.Terminal, "tx_soroban_invalid")]
    [InlineData(TransactionResultCode.BadSeq, SubmitOutcome.Rebuild, "tx_bad_seq")]
    public async Task A_code_that_Horizon_has_no_name_for_is_read_from_the_result(
        TransactionResultCode code, SubmitOutcome expected, string name)
    {
        var result = await RefusedAsync(new TransactionResult(100, code).ToXdrBase64());

        (result.Outcome, result.TransactionCode, result.HasUnknownCode).ShouldBe((expected, name, false));
    }

    // A fee of 100 and code -19, which no protocol had when this was written.
    [Theory]
    [InlineData("AAAAAAAAAGT////tAAAAAA==", "Stellar answered with a result that is not known, of code -19.")]
    [InlineData("AAAA", "Horizon refused the transaction without a result that can be read.")]
    public async Task A_code_that_nobody_knows_is_unknown_and_said_to_be(string xdr, string reason)
    {
        var result = await RefusedAsync(xdr);

        (result.Outcome, result.HasUnknownCode, result.LookUpHashFirst).ShouldBe((SubmitOutcome.Unknown, true, true));
        result.Reason.ShouldBe(reason);
    }

    private async Task<SubmitResult> RefusedAsync(string xdr)
    {
        Handler.Answer(HttpStatusCode.BadRequest, $$$"""
            {"type":"https://stellar.org/horizon-errors/transaction_failed","title":"Transaction Failed","status":400,
            "extras":{"result_codes":{"transaction":""},"result_xdr":"{{{xdr}}}"}}
            """);
        return await Client().Transactions.SubmitAsync(Envelope, Cancelled);
    }

    [Theory]
    [InlineData(400, "transaction_malformed", SubmitOutcome.Terminal)]
    [InlineData(400, "bad_request", SubmitOutcome.Terminal)]
    [InlineData(400, "", SubmitOutcome.Unknown)]
    [InlineData(401, "", SubmitOutcome.RetrySameEnvelope)]
    [InlineData(404, "not_found", SubmitOutcome.RetrySameEnvelope)]
    [InlineData(413, "", SubmitOutcome.Terminal)]
    [InlineData(429, "rate_limit_exceeded", SubmitOutcome.RetrySameEnvelope)]
    [InlineData(500, "server_error", SubmitOutcome.Unknown)]
    [InlineData(502, "", SubmitOutcome.Unknown)]
    [InlineData(503, "server_over_capacity", SubmitOutcome.RetrySameEnvelope)]
    [InlineData(504, "timeout", SubmitOutcome.Unknown)]
    [InlineData(302, "", SubmitOutcome.Unknown)]
    public async Task Without_a_code_the_status_decides(int status, string type, SubmitOutcome expected)
    {
        Handler.Answer((HttpStatusCode)status, $$"""{"type":"https://stellar.org/horizon-errors/{{type}}","title":"T","status":{{status}}}""");
        var result = await Client().Transactions.SubmitAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(expected);
        result.HttpStatus.ShouldBe(status);
        result.LookUpHashFirst.ShouldBe(expected == SubmitOutcome.Unknown);
        result.Reason.ShouldBe($"Horizon answered {status}: T.");
    }

    [Theory]
    [InlineData("<html>gateway</html>")]
    [InlineData("{}")]
    [InlineData("""{"hash":"zz","ledger":7}""")]
    public async Task A_success_that_cannot_be_read_is_unknown(string body)
    {
        Handler.Answer(HttpStatusCode.OK, body);
        var result = await Client().Transactions.SubmitAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(SubmitOutcome.Unknown);
        result.LookUpHashFirst.ShouldBeTrue();
    }

    [Fact]
    public async Task Retry_After_is_passed_on_and_then_held_to()
    {
        Handler.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "20"));
        var client = Client();
        (await client.Transactions.SubmitAsync(Envelope, Cancelled)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(20));
        Time.Advance(TimeSpan.FromSeconds(5));
        var again = await client.Transactions.SubmitAsync(Envelope, Cancelled);
        again.Outcome.ShouldBe(SubmitOutcome.RetrySameEnvelope);
        again.RetryAfter.ShouldBe(TimeSpan.FromSeconds(15));
        Handler.Requests.Count.ShouldBe(1);
    }

    // A submission that is repeated inside the client would hide that the first one may have been applied.
    [Fact]
    public async Task A_submission_is_sent_once()
    {
        Handler.Answer(HttpStatusCode.GatewayTimeout, "{}");
        await Client("http://one.example", "http://two.example").Transactions.SubmitAsync(Envelope, Cancelled);
        Handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task No_answer_in_time_is_unknown()
    {
        Handler.Hang();
        var submitting = Client().Transactions.SubmitAsync(Envelope, Cancelled);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(75));
        Time.Advance(TimeSpan.FromSeconds(75));
        var result = await submitting;
        result.Outcome.ShouldBe(SubmitOutcome.Unknown);
        result.LookUpHashFirst.ShouldBeTrue();
        result.HttpStatus.ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_that_breaks_is_unknown()
    {
        Handler.Fail(new HttpRequestException(HttpRequestError.ResponseEnded, "broken"));
        (await Client().Transactions.SubmitAsync(Envelope, Cancelled)).Outcome.ShouldBe(SubmitOutcome.Unknown);
        var reset = new SocketException((int)SocketError.ConnectionReset);
        Handler.Fail(new HttpRequestException(HttpRequestError.ConnectionError, "reset", reset));
        (await Client().Transactions.SubmitAsync(Envelope, Cancelled)).Outcome.ShouldBe(SubmitOutcome.Unknown);
    }

    [Fact]
    public async Task A_connection_that_never_was_leaves_the_next_URL_to_try()
    {
        var refused = new SocketException((int)SocketError.ConnectionRefused);
        Handler.Fail(new HttpRequestException(HttpRequestError.ConnectionError, "refused", refused));
        var client = Client("http://one.example", "http://two.example");
        var result = await client.Transactions.SubmitAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(SubmitOutcome.RetrySameEnvelope);
        result.LookUpHashFirst.ShouldBeFalse();
        Handler.Answer(HttpStatusCode.OK, $$"""{"hash":"{{HashHex}}","ledger":7,"successful":true}""");
        (await client.Transactions.SubmitAsync(Envelope, Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        Handler.Requests[^1].ShouldStartWith("POST http://two.example/");
    }

    [Fact]
    public async Task The_callers_cancellation_is_a_cancellation()
    {
        using var source = new CancellationTokenSource();
        Handler.Hang();
        var submitting = Client().Transactions.SubmitAsync(Envelope, source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => submitting);
    }

    // result: fee 100, txBAD_SEQ; and a fee of 0 with txINSUFFICIENT_FEE.
    [Theory]
    [InlineData(201, "PENDING", null, SubmitOutcome.Unknown, null)]
    [InlineData(409, "DUPLICATE", null, SubmitOutcome.Unknown, null)]
    [InlineData(503, "TRY_AGAIN_LATER", null, SubmitOutcome.RetrySameEnvelope, null)]
    [InlineData(400, "ERROR", "AAAAAAAAAGT////7AAAAAA==", SubmitOutcome.Rebuild, "tx_bad_seq")]
    [InlineData(400, "ERROR", "AAAAAAAAAAD////3AAAAAA==", SubmitOutcome.RetrySameEnvelope, "tx_insufficient_fee")]
    [InlineData(400, "ERROR", "AAAAAAAAAGT////uAAAAAA==", SubmitOutcome.Terminal, "tx_frozen_key_accessed")]
    [InlineData(400, "ERROR", "AAAAAAAAAGT////tAAAAAA==", SubmitOutcome.Unknown, null)]
    [InlineData(400, "ERROR", "AAAA", SubmitOutcome.Unknown, null)]
    [InlineData(200, "SOMETHING", null, SubmitOutcome.Unknown, null)]
    public async Task Submitting_without_waiting_is_classified_as_well(
        int status, string txStatus, string? xdr, SubmitOutcome expected, string? code)
    {
        var error = xdr is null ? "" : $",\"error_result_xdr\":\"{xdr}\"";
        Handler.Answer((HttpStatusCode)status, $$"""{"tx_status":"{{txStatus}}","hash":"{{HashHex}}"{{error}}}""");
        var result = await Client().Transactions.SubmitWithoutWaitingAsync(Envelope, Cancelled);
        result.Outcome.ShouldBe(expected);
        result.TransactionCode.ShouldBe(code);
        result.Hash.ShouldBe(Hash.FromHex(HashHex));
        Handler.Requests.ShouldBe(["POST http://one.example/transactions_async tx=AAAA%2B%2F%3D%3D"]);
    }

    [Fact]
    public async Task Friendbot_funds_an_account()
    {
        Handler.Answer(HttpStatusCode.OK, $$"""{"hash":"{{HashHex}}","ledger":7,"successful":true}""");
        (await Client().Accounts.FundByFriendbotAsync(AccountId.Parse(A), Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        Handler.Requests.ShouldBe([$"GET http://one.example/friendbot?addr={A}"]);
    }
}
