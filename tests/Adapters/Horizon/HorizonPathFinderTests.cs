using System.Net;
using System.Text;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Tests;

namespace StellarPay.Adapters.Tests.Horizon;

public sealed class HorizonPathFinderTests
{
    private const string Issuer = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";
    private const string Usdc = $"USDC:{Issuer}";
    private const string UsdcJson =
        $"\"destination_asset_type\":\"credit_alphanum4\",\"destination_asset_code\":\"USDC\",\"destination_asset_issuer\":\"{Issuer}\"";

    private readonly TestClock _time = new();
    private readonly Server _server = new();
    private readonly HorizonPathFinder _finder;

    public HorizonPathFinderTests() => _finder = new HorizonPathFinder(
        new HorizonClient(
            new HttpClient(_server),
            new HorizonClientOptions { BaseUrls = [new Uri("http://horizon.test")], ReadRetries = 0 }, TimeProvider.System),
        _time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ways_are_given_with_their_amounts_in_stroops_and_their_hops()
    {
        _server.Answer = () => Paths(
            Path("7.0000001", "5", UsdcJson, $"{{\"asset_type\":\"credit_alphanum4\",\"asset_code\":\"EURC\",\"asset_issuer\":\"{Issuer}\"}}"),
            Path("8", "5", UsdcJson));

        var found = await _finder.FindStrictReceiveAsync("native", Usdc, 50_000_000, Cancelled);

        found.Select(way => (way.SourceStroops, way.DestinationStroops, string.Join(',', way.Hops))).ShouldBe(
            [(70_000_001, 50_000_000, $"EURC:{Issuer}"), (80_000_000, 50_000_000, "")]);
        _server.LastPathAndQuery.ShouldStartWith("/paths/strict-receive?source_assets=native&");
        _server.LastPathAndQuery.ShouldEndWith("&destination_amount=5.0000000");
        await _finder.FindStrictSendAsync("native", 50_000_000, Usdc, Cancelled);
        _server.LastPathAndQuery.ShouldStartWith("/paths/strict-send?source_asset_type=native&source_amount=5.0000000&destination_assets=USDC");
    }

    [Fact]
    public async Task What_was_not_asked_for_or_cannot_be_paid_is_no_way()
    {
        _server.Answer = () => Paths(
            Path("7", "5", "\"destination_asset_type\":\"native\""), Path("0", "5", UsdcJson), Path("7", "0", UsdcJson),
            Path("7", "5", UsdcJson, string.Join(',', Enumerable.Repeat("{\"asset_type\":\"native\"}", 6))));

        (await _finder.FindStrictReceiveAsync("native", Usdc, 50_000_000, Cancelled)).ShouldBeEmpty();
        _server.Answer = () => Paths(Path("7", "5", UsdcJson));
        (await _finder.FindStrictReceiveAsync("native", Usdc, 50_000_001, Cancelled)).ShouldBeEmpty();
        (await _finder.FindStrictSendAsync("native", 70_000_001, Usdc, Cancelled)).ShouldBeEmpty();
        (await _finder.FindStrictSendAsync("native", 70_000_000, Usdc, Cancelled)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_Horizon_that_fails_or_is_late_is_a_network_that_is_away()
    {
        _server.Answer = () => throw new HttpRequestException("Nobody is there.");
        await Should.ThrowAsync<NetworkUnavailableException>(_finder.FindStrictReceiveAsync("native", Usdc, 1, Cancelled));

        _server.Answer = () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return null;
        };
        (await Should.ThrowAsync<NetworkUnavailableException>(_finder.FindStrictSendAsync("native", 1, Usdc, Cancelled)))
            .Message.ShouldBe("Horizon found no path in time.");
    }

    private static string Paths(params string[] paths) => $"{{\"_embedded\":{{\"records\":[{string.Join(',', paths)}]}}}}";

    private static string Path(string source, string destination, string asset, string hops = "") =>
        $"{{\"source_asset_type\":\"native\",\"source_amount\":\"{source}\",\"destination_amount\":\"{destination}\",{asset},\"path\":[{hops}]}}";

    private sealed class Server : HttpMessageHandler
    {
        /// <summary>The body of the answer; null for none until the request is given up.</summary>
        public Func<string?> Answer { get; set; } = () => "";

        public string LastPathAndQuery { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            LastPathAndQuery = request.RequestUri!.PathAndQuery;
            if (Answer() is { } body)
            {
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            }

            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("Nobody gave up.");
        }
    }
}
