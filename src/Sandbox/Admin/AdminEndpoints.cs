using System.Globalization;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Admin;

/// <summary>What only a sandbox can do: issue assets, close ledgers, stop and move its clock, begin again.</summary>
internal static class AdminEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin");
        admin.MapGet("", (HttpContext http, SandboxNetwork network) => StatusAsync(http, network));
        admin.MapPost("/issue", IssueAsync);
        admin.MapPost("/ledgers/close", CloseAsync);
        admin.MapPost("/clock/stop", (HttpContext http, SandboxNetwork network) =>
        {
            network.StopClock();
            return StatusAsync(http, network);
        });
        admin.MapPost("/clock/resume", (HttpContext http, SandboxNetwork network) =>
        {
            network.ResumeClock();
            return StatusAsync(http, network);
        });
        admin.MapPost("/clock/advance", AdvanceAsync);
        admin.MapPost("/reset", (HttpContext http, SandboxNetwork network) =>
        {
            network.Reset();
            return StatusAsync(http, network);
        });
        Faults.FaultEndpoints.Map(admin);
    }

    public static Task StatusAsync(HttpContext http, SandboxNetwork network)
    {
        var latest = network.History.Latest;
        return HorizonAnswer.WriteAsync(http, StatusCodes.Status200OK, "application/json", EventStream.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("network_passphrase", network.Identity.Passphrase);
            json.WriteNumber("latest_ledger", latest.Sequence);
            json.WriteTime("latest_ledger_closed_at", latest.ClosedAt);
            json.WriteTime("now", network.Clock.Now);
            json.WriteBoolean("clock_stopped", network.ClockStopped);
            json.WriteStartObject("accounts");
            json.WriteString("root", network.Keys.Root.AccountId.ToString());
            json.WriteString("friendbot", network.Keys.Friendbot.AccountId.ToString());
            json.WriteString("usdc_issuer", network.Keys.UsdcIssuer.AccountId.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }));
    }

    private static async Task IssueAsync(HttpContext http, SandboxNetwork network)
    {
        var body = await AdminBody.ReadAsync(http);
        var account = body.Account("account");
        var amount = body.Amount("amount");
        var asset = body.Asset("asset", new Asset(AssetCode.Parse("USDC"), network.Keys.UsdcIssuer.AccountId));
        if (body.Problem is null && asset.Issuer != network.Keys.UsdcIssuer.AccountId)
        {
            body.Refuse("asset", "The sandbox has the key of its own issuer only; see GET /admin.");
        }

        if (body.Problem is { } problem)
        {
            await HorizonAnswer.ProblemAsync(http, problem);
            return;
        }

        var (answered, transaction) = await network.ActAsync(
            network.Keys.UsdcIssuer, _ => new PaymentOperation(account, asset, amount), http.RequestAborted);
        await AdminAnswer.TransactionAsync(http, network, answered, transaction);
    }

    private static async Task CloseAsync(HttpContext http, SandboxNetwork network)
    {
        var count = http.Request.Query["count"].ToString() is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            : 1;
        if (count is < 1 or > 1_000)
        {
            await HorizonAnswer.ProblemAsync(http, HorizonProblem.InvalidField("count", "must be from 1 to 1000"));
            return;
        }

        for (var i = 0; i < count; i++)
        {
            network.CloseLedger();
        }

        await StatusAsync(http, network);
    }

    private static async Task AdvanceAsync(HttpContext http, SandboxNetwork network)
    {
        var body = await AdminBody.ReadAsync(http);
        var seconds = body.Number("seconds", 1, (long)TimeSpan.FromDays(3_653).TotalSeconds);
        if (body.Problem is { } problem)
        {
            await HorizonAnswer.ProblemAsync(http, problem);
            return;
        }

        network.Clock.Advance(TimeSpan.FromSeconds(seconds));
        network.CloseLedger();
        await StatusAsync(http, network);
    }
}
