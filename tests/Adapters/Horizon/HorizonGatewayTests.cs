using System.Net;
using System.Text;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>How the network's answers to a submission reach the grains.</summary>
public sealed class HorizonGatewayTests
{
    private static readonly string Hash = new('a', 64);
    private readonly Answers _answers = new();

    [Theory]
    [InlineData(HttpStatusCode.Created, "PENDING", SubmissionOutcome.Pending)]
    [InlineData(HttpStatusCode.Conflict, "DUPLICATE", SubmissionOutcome.Pending)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "TRY_AGAIN_LATER", SubmissionOutcome.RetrySameEnvelope)]
    [InlineData(HttpStatusCode.BadRequest, "ERROR", SubmissionOutcome.Unknown)]
    public async Task What_the_queue_says_is_told_apart(HttpStatusCode status, string word, SubmissionOutcome outcome)
    {
        _answers.Next(status, $$"""{"tx_status":"{{word}}","hash":"{{Hash}}"}""");

        (await SubmitAsync(Gateway())).Outcome.ShouldBe(outcome);

        _answers.Paths.ShouldBe(["/transactions_async"]);
    }

    // A fee of 100 and code -19, which no protocol had when this was written; and -18, a frozen ledger entry.
    [Theory]
    [InlineData("AAAAAAAAAGT////tAAAAAA==", SubmissionOutcome.Held, null)]
    [InlineData("AAAAAAAAAGT////uAAAAAA==", SubmissionOutcome.Terminal, "tx_frozen_key_accessed")]
    public async Task A_code_of_a_later_protocol_holds_the_submission_and_a_frozen_entry_ends_it(
        string xdr, SubmissionOutcome outcome, string? code)
    {
        _answers.Next(HttpStatusCode.BadRequest, $$"""{"tx_status":"ERROR","hash":"{{Hash}}","error_result_xdr":"{{xdr}}"}""");

        var report = await SubmitAsync(Gateway());

        (report.Outcome, report.Code).ShouldBe((outcome, code));
        report.Reason.ShouldBe(outcome == SubmissionOutcome.Held ? "Stellar answered with a result that is not known, of code -19." : null);
    }

    [Fact]
    public async Task A_fee_that_is_too_low_comes_with_what_would_have_been_taken()
    {
        var result = new TransactionResult(
            FeeCharged: 4321, TransactionResultCode.InsufficientFee, Operations: default, Inner: null).ToXdrBase64();
        _answers.Next(HttpStatusCode.BadRequest, $$"""{"tx_status":"ERROR","hash":"{{Hash}}","error_result_xdr":"{{result}}"}""");

        var report = await SubmitAsync(Gateway());

        (report.Outcome, report.Code, report.FeeNeededStroops)
            .ShouldBe((SubmissionOutcome.FeeTooLow, "tx_insufficient_fee", 4321));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    public async Task A_Horizon_that_only_takes_what_waits_is_asked_so_and_remembered(HttpStatusCode status)
    {
        var gateway = Gateway();
        _answers.Next(status, "{}");
        _answers.Next(HttpStatusCode.OK, $$"""{"hash":"{{Hash}}","ledger":7,"successful":true}""");
        _answers.Next(HttpStatusCode.OK, $$"""{"hash":"{{Hash}}","ledger":8,"successful":true}""");

        (await SubmitAsync(gateway)).Ledger.ShouldBe(7);
        (await SubmitAsync(gateway)).Ledger.ShouldBe(8);

        _answers.Paths.ShouldBe(["/transactions_async", "/transactions", "/transactions"]);
    }

    [Fact]
    public async Task A_failure_because_of_operations_names_the_code_of_each()
    {
        _answers.Next(HttpStatusCode.BadRequest,
            """{"status":400,"extras":{"result_codes":{"transaction":"tx_failed","operations":["op_success","op_no_trust"]}}}""");

        var report = await Gateway().SubmitAsync("AAAA", TestContext.Current.CancellationToken);

        (report.Outcome, report.Code).ShouldBe((SubmissionOutcome.Terminal, "op_no_trust"));
        report.OperationCodes.ShouldBe(["op_success", "op_no_trust"]);
    }

    // The bug kept away: after five pages, oldest first, the rest was not looked at.
    [Fact]
    public async Task Claimable_balances_are_listed_by_asset_a_thousand_at_a_time_and_on_from_there()
    {
        const string Usdc = "USDC:GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF";
        for (var page = 0; page < 5; page++)
        {
            _answers.Next(HttpStatusCode.OK, Balances(page * 200, 200));
        }

        var first = await ListAsync(cursor: null);
        (first.Balances.Count, first.Next).ShouldBe((1000, "token-999"));
        _answers.Next(HttpStatusCode.OK, Balances(1000, 2));
        var last = await ListAsync(first.Next);

        (last.Balances.Count, last.Next).ShouldBe((2, null));
        _answers.Queries[0].ShouldContain($"asset={Uri.EscapeDataString(Usdc)}");
        _answers.Queries[0].ShouldNotContain("cursor");
        _answers.Queries[4].ShouldContain("cursor=token-799");
        _answers.Queries[5].ShouldContain("cursor=token-999");

        Task<NetworkClaimables> ListAsync(string? cursor) => Gateway().ListClaimablesAsync(
            Usdc[5..], Usdc, cursor, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);

        static string Balances(int from, int count)
        {
            var records = Enumerable.Range(from, count).Select(number =>
                $$$"""
                {"id":"{{{number:x72}}}","asset":"{{{Usdc}}}","amount":"1.0000000","paging_token":"token-{{{number}}}",
                "claimants":[{"destination":"{{{Usdc[5..]}}}","predicate":{"unconditional":true}}]}
                """);
            return $$$"""{"_embedded":{"records":[{{{string.Join(',', records)}}}]}}""";
        }
    }

    private static Task<SubmissionReport> SubmitAsync(HorizonGateway gateway) =>
        gateway.SubmitWithoutWaitingAsync("AAAA", TestContext.Current.CancellationToken);

    private HorizonGateway Gateway()
    {
        var address = new Uri("http://horizon.example");
        var horizon = new HorizonClient(
            new HttpClient(_answers), new HorizonClientOptions { BaseUrls = [address] }, TimeProvider.System);
        return new HorizonGateway(horizon, new NetworkProfile(address, "passphrase", "USDC:G", Friendbot: false, FromBeginning: true));
    }

    private sealed class Answers : HttpMessageHandler
    {
        private readonly Queue<(HttpStatusCode Status, string Body)> _next = [];

        public List<string> Paths { get; } = [];

        public List<string> Queries { get; } = [];

        public void Next(HttpStatusCode status, string body) => _next.Enqueue((status, body));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Paths.Add(request.RequestUri!.AbsolutePath);
            Queries.Add(request.RequestUri.Query);
            var (status, body) = _next.Dequeue();
            return Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            });
        }
    }
}
