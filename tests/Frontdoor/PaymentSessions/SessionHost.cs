using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>The whole system, whose business has the clock of its network: a session ends by the one and is paid by the other.</summary>
public sealed class SessionHost : WholeHost
{
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["StellarPay:Webhooks:AllowLoopback"] = "true" };

    /// <summary>Loses answers of grains, where a test says so.</summary>
    internal LostAnswers Answers { get; } = new();

    /// <summary>Counts how often a session is read as it is stored.</summary>
    internal CountedReads Sessions => (CountedReads)Services.GetRequiredService<IObjectLists>();

    protected override Task<NetworkProfile> AddGrainsAsync(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(Answers);
        return base.AddGrainsAsync(builder);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        var lists = services.Last(service => service.ServiceType == typeof(IObjectLists)).ImplementationType!;
        services.AddSingleton<IObjectLists>(provider => new CountedReads((IObjectLists)ActivatorUtilities.CreateInstance(provider, lists)));
    }

    public override async ValueTask InitializeAsync()
    {
        Clock.Advance(TimeProvider.System.GetUtcNow() - Clock.GetUtcNow());
        await base.InitializeAsync();
    }

    /// <summary>Ledgers close by a clock that is past the business's from here on, whatever was done to either before.</summary>
    internal async Task LetLedgersCatchUpAsync()
    {
        using var sandbox = new HttpClient { BaseAddress = Sandbox };
        var behind = (int)Math.Ceiling((Clock.GetUtcNow() - await ClosedAtAsync(sandbox)).TotalSeconds);
        (await sandbox.PostAsJsonAsync("/admin/clock/advance", new { seconds = Math.Max(behind, 0) + 2 }, TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
    }

    /// <summary>
    /// The business's clock, which stands still, is at least at the ledgers', which do not: what is asked for now can be paid for as long
    /// as it says.
    /// </summary>
    internal async Task CatchUpWithLedgersAsync()
    {
        using var sandbox = new HttpClient { BaseAddress = Sandbox };
        var behind = await ClosedAtAsync(sandbox) - Clock.GetUtcNow();
        Clock.Advance(behind > TimeSpan.Zero ? behind : TimeSpan.Zero);
    }

    private static async Task<DateTimeOffset> ClosedAtAsync(HttpClient sandbox)
    {
        var latest = await sandbox.GetFromJsonAsync<JsonElement>("/ledgers?order=desc&limit=1", TestContext.Current.CancellationToken);
        return latest.GetProperty("_embedded").GetProperty("records")[0].GetProperty("closed_at").GetDateTimeOffset();
    }

    /// <summary>Somebody with a wallet that holds so many whole USDC.</summary>
    internal async Task<Api> PayerAsync(string usdc)
    {
        var payer = await SignUpAsync();
        var wallet = await Eventually.UntilAsync(
            () => payer.GetAsync("/v1/wallet"), answer => answer.Body.GetProperty("status").GetString() == "active");
        using var sandbox = new HttpClient { BaseAddress = Sandbox };
        (await sandbox.PostAsJsonAsync(
            "/admin/issue", new { account = wallet.Body.GetProperty("address").GetString(), asset = "USDC", amount = usdc },
            TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains($"\"{usdc}.0000000\"", StringComparison.Ordinal), "he has money");
        return payer;
    }
}

/// <summary>Tests of sessions, one after the other on one host.</summary>
[CollectionDefinition]
public sealed class SessionHostCollection : ICollectionFixture<SessionHost>;

/// <summary>A business that can be paid, and a key of it.</summary>
internal sealed class PaidShop
{
    private PaidShop(SessionHost host, Api owner, string id, Api api) => (Host, Owner, Id, Server) = (host, owner, id, api);

    public SessionHost Host { get; }

    public Api Owner { get; }

    public string Id { get; }

    /// <summary>Its server, which has a secret key.</summary>
    public Api Server { get; }

    public static async Task<PaidShop> OpenAsync(SessionHost host)
    {
        var owner = await host.SignUpAsync();
        var made = (await owner.PostAsync("/v1/merchants", new
        {
            business_name = "Ada's Books", email = owner.Email, country = "GB", statement_descriptor = "ADAS BOOKS",
        })).ShouldBeOk();
        var shop = new PaidShop(host, owner, made.Body.GetProperty("id").GetString()!, host.Anonymous());
        shop.Server.AccessToken = await shop.KeyAsync(new { kind = "secret", name = "Server", password = Api.Password });
        await Eventually.UntilAsync(
            async () => (await shop.Server.GetAsync("/v1/merchant/account")) is { Status: HttpStatusCode.OK } answer
                && answer.Body.GetProperty("status").GetString() == "active",
            "the shop's account is there");
        return shop;
    }

    public async Task<string> KeyAsync(object request) =>
        (await Owner.PostAsync($"/v1/merchants/{Id}/api_keys", request)).ShouldBeOk().Body.GetProperty("key").GetString()!;

    /// <summary>A client with another key.</summary>
    public async Task<Api> WithAsync(object request)
    {
        var api = Host.Anonymous();
        api.AccessToken = await KeyAsync(request);
        return api;
    }

    public async Task<JsonElement> NewSessionAsync(object? request = null)
    {
        await Host.CatchUpWithLedgersAsync();
        return (await Server.PostAsync("/v1/payment_sessions", request ?? new { amount = 1000, currency = "USD" })).ShouldBeOk().Body;
    }

    public async Task<JsonElement> SessionAsync(string id) => (await Server.GetAsync($"/v1/payment_sessions/{id}")).ShouldBeOk().Body;

    public Task UntilAsync(string id, string status) => Eventually.UntilAsync(
        async () => (await SessionAsync(id)).GetProperty("status").GetString() == status, $"the session is {status}");

    /// <summary>What it holds of an asset.</summary>
    public async Task<JsonElement?> BalanceAsync(string asset) =>
        (await Server.GetAsync("/v1/merchant/account")).ShouldBeOk().Body.GetProperty("balances").EnumerateArray()
            .Where(balance => balance.GetProperty("asset").GetString() == asset).Select(balance => (JsonElement?)balance).SingleOrDefault();
}
