using System.Globalization;
using System.Net;
using System.Text;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>
/// Horizon allows an address so many requests an hour (3,600 unless it is told otherwise). Each quote costs one or two, and one
/// user may ask 1,200 a minute; what submits everybody's payments, and the follower, ask through the same client.
/// </summary>
public sealed class SharedLimitTests : IDisposable
{
    private const int Hourly = 60;
    private const string Payee = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    private readonly Limited _limited = new();
    private readonly HorizonClient _client;

    public SharedLimitTests() => _client = new HorizonClient(
        new HttpClient(_limited), new HorizonClientOptions { BaseUrls = [Address], ReadRetries = 0 }, TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Uri Address => new("http://horizon.example");

    private static NetworkProfile Network => new(Address, "passphrase", "USDC:G", Friendbot: false, FromBeginning: true);

    public void Dispose() => _limited.Dispose();

    [Fact]
    public async Task However_many_quotes_users_ask_for_others_payments_are_submitted_and_the_ledger_is_followed()
    {
        var questions = new HorizonGateway(_client.ForUsers(), Network);
        for (var quote = 0; quote < 2 * Hourly; quote++)
        {
            try
            {
                await questions.GetAccountAsync(Payee, Cancelled);
            }
            catch (NetworkUnavailableException busy)
            {
                // He is told so, and asks again.
                busy.BusyFor!.Value.ShouldBe(TimeSpan.FromSeconds(3000), TimeSpan.FromSeconds(60));
            }
        }

        var gateway = new HorizonGateway(_client, Network);
        for (var payment = 0; payment < 10; payment++)
        {
            var submitted = await gateway.SubmitWithoutWaitingAsync("AAAA", Cancelled);
            submitted.Outcome.ShouldBe(SubmissionOutcome.Pending, $"nothing is sent for {submitted.RetryAfter?.TotalMinutes} minutes");
            (await gateway.GetAccountAsync(Payee, Cancelled)).ShouldBeNull();
            (await new HorizonFeed(_client, TimeProvider.System).FindLedgerAsync(7, Cancelled)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Looking_for_paths_is_asked_by_users_and_stops_where_their_other_questions_do()
    {
        while (_limited.Left > Hourly / 2)
        {
            await new HorizonGateway(_client, Network).GetAccountAsync(Payee, Cancelled);
        }

        var paths = new HorizonPathFinder(_client.ForUsers(), TimeProvider.System);
        (await Should.ThrowAsync<NetworkUnavailableException>(
            () => paths.FindStrictReceiveAsync("native", $"USDC:{Payee}", 5, Cancelled))).BusyFor.ShouldNotBeNull();
        _limited.Left.ShouldBe(Hourly / 2);
    }

    private sealed class Limited : HttpMessageHandler
    {
        public int Left { get; private set; } = Hourly;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var taken = request.Method == HttpMethod.Post;
            var answer = Left == 0 ? HttpStatusCode.TooManyRequests : taken ? HttpStatusCode.Created : HttpStatusCode.NotFound;
            Left = Math.Max(0, Left - 1);
            var response = new HttpResponseMessage(answer)
            {
                Content = new StringContent(
                    taken ? """{"tx_status":"PENDING","hash":"00"}""" : """{"status":404,"title":"Resource Missing"}""",
                    Encoding.UTF8, "application/json"),
            };
            response.Headers.Add("X-RateLimit-Limit", Hourly.ToString(CultureInfo.InvariantCulture));
            response.Headers.Add("X-RateLimit-Remaining", Left.ToString(CultureInfo.InvariantCulture));
            response.Headers.Add("X-RateLimit-Reset", "3000");
            return Task.FromResult(response);
        }
    }
}
