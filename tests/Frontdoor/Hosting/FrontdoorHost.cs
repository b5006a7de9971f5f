using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.OpenApi;
using StellarPay.Grains;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Identifiers;
using StellarPay.Stellar.Sep2;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A front door on a port of its own, with a database of its own, over grains that the test decides about.</summary>
public class FrontdoorHost : IAsyncLifetime
{
    public const string Passphrase = "Test network of these tests";

    internal const string PasskeyDomain = "app.example";

    internal const string PasskeyOrigin = "https://app.example";

    internal const string CheckoutOrigin = "http://127.0.0.1";

    internal const string TokenKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private readonly PostgresDatabase _database = new();
    private WebApplication? _started;
    private HttpClient? _http;

    internal FakeGrains Grains { get; } = new();

    /// <summary>The domains of federated addresses.</summary>
    internal FakeDomains Domains { get; } = new();

    /// <summary>What was sent to people.</summary>
    internal CapturedMessages Messages { get; } = new();

    internal CapturedLog Log { get; } = new();

    internal TestClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    internal PostgresDatabase Database => _database;

    internal IServiceProvider Services => App.Services;

    internal Uri Address => new(App.Urls.Single());

    private WebApplication App => _started ?? throw new InvalidOperationException("The front door has not started.");

    /// <summary>Settings other than the usual ones.</summary>
    protected virtual Dictionary<string, string?> Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_started is not null)
        {
            await _started.DisposeAsync();
        }

        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the front door and starts it anew on the same database.</summary>
    private protected async Task RestartAsync()
    {
        _http!.Dispose();
        await _started!.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Whether messages go to <see cref="Messages"/>; else by what the settings say.</summary>
    protected virtual bool SendsMessages => true;

    /// <summary>Whether the first key that signs tokens is the test program's; else the front door makes its own.</summary>
    protected virtual bool HasTestSigningKey => true;

    /// <summary>Whether there are passkeys.</summary>
    protected virtual bool OffersPasskeys => true;

    /// <summary>The strength of the hash is Identity's to test; here it would only cost time.</summary>
    protected virtual int PasswordRounds => 1000;

    /// <summary>Adds the grains, and says which network they are on.</summary>
    protected virtual Task<NetworkProfile> AddGrainsAsync(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(Grains.Factory);
        return Task.FromResult(new NetworkProfile(
            new Uri("http://127.0.0.1:1"), Passphrase, FakeWallet.Usdc.Canonical, Friendbot: true, FromBeginning: true));
    }

    /// <summary>Puts other services in place of the front door's own.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    /// <summary>Maps endpoints of the test's own.</summary>
    protected virtual void MapMore(WebApplication app)
    {
    }

    /// <summary>How often grains have changed something for someone.</summary>
    internal virtual Task<long> CountChangesAsync() => Task.FromResult((long)Grains.Changes);

    /// <summary>A client without a session.</summary>
    internal Api Anonymous() => new(_http!, Messages);

    /// <summary>The same, of whom a proxy says where he is.</summary>
    internal Api AnonymousAt(string address) => new(_http!, Messages) { Address = address };

    /// <summary>A client of someone who has just signed up and confirmed his address.</summary>
    internal async Task<Api> SignUpAsync(string? email = null)
    {
        var api = Anonymous();
        await api.SignUpAsync(email ?? NewEmail());
        return api;
    }

    /// <summary>A client of someone who has signed up and confirmed nothing.</summary>
    internal async Task<Api> SignUpUnconfirmedAsync(string? email = null)
    {
        var api = Anonymous();
        await api.SignUpUnconfirmedAsync(email ?? NewEmail());
        return api;
    }

    /// <summary>A client of an administrator, as <c>./stellarpay admin grant</c> makes one, who has just shown his second factor.</summary>
    internal async Task<Api> NewAdminAsync()
    {
        var api = await SignUpAsync();
        await Authenticator.SetUpAsync(this, api);
        await Administrators.SetRoleAsync("tests", api.Email, Roles.Admin, TestContext.Current.CancellationToken);
        api.Take((await Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken })).ShouldBeOk());
        return api;
    }

    /// <summary>Waits until no transaction that began before the last event is in flight, so that readers are at its end.</summary>
    internal async Task UntilEventsAreReadableAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            await using var command = Database.DataSource.CreateCommand(
                "SELECT NOT EXISTS (SELECT FROM events WHERE xid >= pg_snapshot_xmin(pg_current_snapshot()))");
            if ((bool)(await command.ExecuteScalarAsync(deadline.Token))!)
            {
                return;
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    internal Administrators Administrators =>
        new(
        Services.GetRequiredService<NpgsqlDataSource>(), Services.GetRequiredService<ContactIndex>(),
        Services.GetRequiredService<ContactSeal>(), Services.GetRequiredService<IAuditLog>(),
        Services.GetRequiredService<IOptions<PostgresOptions>>());

    /// <summary>By what an e-mail address is found in the database.</summary>
    internal ValueTask<byte[]> IndexOfAsync(string email) => Services.GetRequiredService<ContactIndex>()
        .OfAsync(new Contact(ContactKind.Email, email), TestContext.Current.CancellationToken);

    /// <summary>A user's names, as the database has them now.</summary>
    internal async Task<UserNames> NamesOfAsync(Api api)
    {
        await using var scope = Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserDirectory>()
            .FindAsync(UserId.Parse(api.UserId), TestContext.Current.CancellationToken);
        return await Services.GetRequiredService<ContactSeal>().OpenAsync(user.ShouldNotBeNull(), TestContext.Current.CancellationToken);
    }

    /// <summary>Who did what to a subject, oldest first.</summary>
    internal async Task<string[]> AuditOf(string subject)
    {
        await using var command = Database.DataSource.CreateCommand(
            "SELECT concat_ws(' ', actor, action, data) FROM audit_log WHERE subject = $1 ORDER BY number");
        command.Parameters.AddWithValue(subject);
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }

    internal static string NewEmail() => $"someone-{Guid.NewGuid():N}@example.com";

    /// <summary>Another front door on the same database, as a second process would be.</summary>
    internal Task<WebApplication> StartAnotherAsync() => StartAsync(_database.ConnectionString);

    private async Task StartAsync()
    {
        _started = await StartAsync(_database.ConnectionString);
        var sockets = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        _http = new HttpClient(new ContractHandler(sockets)) { BaseAddress = Address };
    }

    private async Task<WebApplication> StartAsync(string postgres)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        // As in development: a service that is made for one request must not be another's, nor everybody's.
        builder.Host.UseServiceProviderFactory(new DefaultServiceProviderFactory(
            new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true }));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["STELLARPAY_POSTGRES"] = postgres,
            ["STELLARPAY_ROLES"] = "frontdoor",
            ["TOKEN_ENCRYPTION_KEY"] = TokenKey,
            // A proxy of the operator's speaks HTTPS; here nothing is in between.
            ["StellarPay:Frontdoor:RequireHttps"] = "false",
            ["StellarPay:RateLimits:AnyPerAddress"] = "100000000",
            ["StellarPay:RateLimits:AuthPerAddress"] = "1000000",
            ["StellarPay:RateLimits:LoginPerAccount"] = "1000000",
            ["StellarPay:RateLimits:RefreshPerSession"] = "1000000",
            ["StellarPay:RateLimits:ApiPerUser"] = "1000000",
            ["StellarPay:RateLimits:ApiPerUnconfirmedUser"] = "1000000",
            ["StellarPay:RateLimits:LookupPerUser"] = "1000000",
            ["StellarPay:RateLimits:CodesPerNetwork"] = "100000000",
            ["StellarPay:RateLimits:SecurityChangesPerSession"] = "1000000",
            ["StellarPay:RateLimits:ContactsPerSession"] = "1000000",
            ["StellarPay:RateLimits:ScheduleChangesPerSession"] = "1000000",
            ["StellarPay:RateLimits:ApiPerKey:0"] = "1000000",
            ["StellarPay:RateLimits:ApiPerMerchant:0"] = "1000000",
            ["StellarPay:RateLimits:CheckoutPerAddress"] = "1000000",
            ["StellarPay:RateLimits:CheckoutWithoutKeyPerAddress"] = "1000000",
            ["StellarPay:RateLimits:PaymentLinksPerAddress"] = "1000000",
            ["StellarPay:Checkout:Origin"] = CheckoutOrigin,
            // A busy machine is no cluster that is away.
            ["StellarPay:RateLimits:AnswerMilliseconds"] = "10000",
            // All of a test's callers have one address.
            ["StellarPay:Passwords:MostWaiting"] = "1000",
            ["StellarPay:Passwords:MostWaitingPerAddress"] = "1000",
            ["StellarPay:Passwords:MostWaitingPerAccount"] = "1000",
            // Half of the processors hash, for as many at once as a test likes, however busy the machine.
            ["StellarPay:Passwords:LongestWaitSeconds"] = "60",
        });
        if (OffersPasskeys)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["StellarPay:Passkeys:RelyingPartyId"] = PasskeyDomain, ["StellarPay:Passkeys:Origins:0"] = PasskeyOrigin,
            });
        }

        builder.Configuration.AddInMemoryCollection(Settings);
        builder.AddStellarPaySettings();
        builder.Services.AddKeyedSingleton<TimeProvider>(BusinessTime.Key, Clock);
        builder.Services.AddSingleton(new FederationClient(new HttpClient(Domains), TimeProvider.System));
        if (SendsMessages)
        {
            builder.Services.AddSingleton(Messages.Of(MessageChannel.Email));
            builder.Services.AddSingleton(Messages.Of(MessageChannel.Sms));
        }

        builder.AddStellarPayFrontdoor(await AddGrainsAsync(builder));

        builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordRounds);
        ConfigureServices(builder.Services);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(Log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapStellarPayFrontdoor();
        MapMore(app);
        if (HasTestSigningKey)
        {
            await TestSigningKey.AddAsync(app.Services);
        }

        await app.StartAsync();
        return app;
    }
}
