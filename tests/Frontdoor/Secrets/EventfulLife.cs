using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;
using StellarPay.Stellar.Keys;
using StellarPay.Tests.Shared.Secrets;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>People who do everything that touches a secret, and all that they get to see.</summary>
internal sealed class EventfulLife(SecretsHost host) : IAsyncDisposable
{
    private const string WrongPassword = "Wr0ng-horse-4711+battery";
    private const string OddPassword = "Trait d'union \"4712\" & <co>";

    private readonly List<LiveClient> _live = [];
    private readonly List<HttpClient> _clients = [];
    private Api _payer = null!;
    private Api _payee = null!;

    public RecordedAnswers Answers { get; } = new(() => host.Address, new SocketsHttpHandler());

    public KnownSecrets Known { get; } = new(host);

    public Secret[] Passwords { get; } =
    [
        .. new[] { Api.Password, WrongPassword, OddPassword }.Select((text, i) => Secret.OfText($"password {i}", text)),
    ];

    public FactorLife Factors { get; } = new(host);

    public IEnumerable<string> HubRecords => _live.SelectMany(live => live.Records);

    /// <summary>The payer's, which is no secret.</summary>
    public string Address { get; private set; } = "";

    public string PaymentId { get; private set; } = "";

    public string PaidTransaction { get; private set; } = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var live in _live)
        {
            await live.DisposeAsync();
        }

        _clients.ForEach(client => client.Dispose());
        Answers.Dispose();
    }

    /// <summary>Sign-up, login with right, odd and wrong passwords, refresh, a token used twice, logout.</summary>
    public async Task SignInAndOutAsync()
    {
        _payer = await SignUpAsync();
        _payee = await SignUpAsync();
        var anonymous = Client();
        var odd = new { email = FrontdoorHost.NewEmail(), password = OddPassword };
        var oddly = Client();
        var oddSignUp = (await oddly.PostAsync("/v1/auth/signup", odd)).ShouldBeOk();
        oddly.Take(oddSignUp);
        await oddly.ConfirmAsync(oddSignUp);
        (await anonymous.PostAsync("/v1/auth/login", odd)).ShouldBeOk();
        (await anonymous.PostAsync("/v1/auth/login", odd with { password = WrongPassword })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var session = Client();
        session.Take((await anonymous.PostAsync("/v1/auth/login", new { email = _payer.Email, password = Api.Password })).ShouldBeOk());
        var spent = session.RefreshToken;
        session.Take((await anonymous.PostAsync("/v1/auth/refresh", new { refresh_token = spent })).ShouldBeOk());
        (await session.PostAsync("/v1/auth/logout", new { refresh_token = session.RefreshToken })).ShouldBeOk();
        var thief = Client();
        thief.Take((await anonymous.PostAsync("/v1/auth/login", new { email = _payer.Email, password = Api.Password })).ShouldBeOk());
        spent = thief.RefreshToken;
        thief.Take((await anonymous.PostAsync("/v1/auth/refresh", new { refresh_token = spent })).ShouldBeOk());
        var again = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/refresh") { Content = JsonContent.Create(new { refresh_token = spent }) };
        again.Headers.TryAddWithoutValidation("User-Agent", "Another/1.0");
        (await anonymous.SendAsync(again)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>Second factors.</summary>
    public async Task ProtectAsync()
    {
        var careful = await SignUpAsync();
        await ConnectAsync(careful);
        await Factors.LiveAsync(careful, Client, Answers);
    }

    /// <summary>Payments of all kinds, one that fails, a schedule, test money, and the questions about them.</summary>
    public async Task MoveMoneyAsync()
    {
        var paying = await ConnectAsync(_payer);
        var paid = await ConnectAsync(_payee);
        Address = (await paying.WalletWhereAsync(IsActive)).GetProperty("address").GetString()!;
        await AdminAsync("/admin/issue", new { account = Address, asset = "USDC", amount = "100" });
        await paying.WalletWhereAsync(wallet => BalanceOf(wallet, "USDC") == "100.0000000");
        await paid.WalletWhereAsync(IsActive);
        (await _payer.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        await paying.WalletWhereAsync(wallet => BalanceOf(wallet, "XLM") == "10000.0000000");

        var toPayee = new { recipient = _payee.Email, asset = "USDC", amount = "12.5", memo = "lunch" };
        PaymentId = (await _payer.PostAsync("/v1/payments", toPayee, "quote-1")).ShouldBeOk().Body.GetProperty("id").GetString()!;
        (await _payer.PostAsync($"/v1/payments/{PaymentId}/confirm", null, "confirm-1")).ShouldBeOk();
        await PayAsync(new { recipient = _payee.Email, asset = "USDC", amount = "1", confirm = true }, "succeeded");
        PaidTransaction = (await UntilStatusAsync(_payer, PaymentId, "succeeded")).GetProperty("transaction_hash").GetString()!;
        await FailOneAsync();

        using var outsider = SigningKey.Generate();
        var aside = new { recipient = outsider.AccountId.ToString(), asset = "USDC", amount = "5", claimable = true, confirm = true };
        await PayAsync(aside, "succeeded");
        var monthly = new
        {
            recipient = _payee.Email, asset = "USDC", amount = "3", frequency = "monthly", count = 2, start_at = host.Clock.GetUtcNow(),
        };
        (await _payer.PostAsync("/v1/schedules", monthly, "rent")).ShouldBeOk();
        await paid.WalletWhereAsync(wallet => BalanceOf(wallet, "USDC") == "16.5000000");
        string[] questions =
        [
            $"/v1/payments/{PaymentId}/trace", "/v1/schedules", "/v1/wallet", "/v1/wallet/transactions", "/v1/wallet/limits", "/v1/wallet/qr",
            "/v1/wallet/key", "/v1/me", "/.well-known/jwks.json", "/health/ready", "/openapi/v1.json",
        ];
        foreach (var question in questions)
        {
            (await _payer.GetAsync(question)).Status.ShouldBe(HttpStatusCode.OK, question);
        }
    }

    /// <summary>The wallet's key, and the key that wraps all data keys, are replaced; then both are used.</summary>
    public async Task ReplaceKeysAsync()
    {
        await Known.LearnAsync();
        (await _payer.PostAsync("/v1/wallet/rotate-key")).Status.ShouldBe(HttpStatusCode.Accepted);
        // Also the next key, while it is the next.
        await Known.LearnAsync();
        await UntilAsync(
            async () => (await _payer.GetAsync("/v1/wallet/key")).ShouldBeOk().Body.GetProperty("version").GetInt32() == 2, "key 2 signs");
        await Known.LearnAsync();

        await host.AddKeyEncryptionKeyAsync();
        var admin = await SignUpAsync();
        await Authenticator.SetUpAsync(host, admin);
        await host.Administrators.SetRoleAsync("tests", admin.Email, Roles.Admin, Cancelled);
        admin.Take((await Client().PostAsync("/v1/auth/refresh", new { refresh_token = admin.RefreshToken })).ShouldBeOk());
        (await admin.PostAsync("/v1/admin/keys/rotate")).Status.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(
            async () => (await admin.GetAsync("/v1/admin/keys")).ShouldBeOk().Body is var keys
                && keys.GetProperty("percent_done").GetInt32() == 100
                && keys.GetProperty("rotation").GetProperty("status").GetString() == "finished",
            "the new key wraps everything");
        await ConnectAsync(_payer);
        await PayAsync(new { recipient = _payee.Email, asset = "USDC", amount = "2", confirm = true }, "succeeded");
        foreach (var question in new[] { $"/v1/admin/users/{_payer.UserId}", $"/v1/admin/wallets/{_payer.WalletId}", "/v1/admin/network" })
        {
            (await admin.GetAsync(question)).ShouldBeOk();
        }
    }

    /// <summary>Bad tokens, bad bodies with secrets in them, what is not theirs, and a database that is away.</summary>
    public async Task AskForWhatIsRefusedAsync()
    {
        var anonymous = Client();
        string[] bodies =
        [
            $$"""{"email":"{{_payer.Email}}","password":"{{WrongPassword}}",""",
            $$"""{"email":"{{_payer.Email}}","password":{"is":"{{WrongPassword}}"} }""",
            $$"""{"email":["{{WrongPassword}}"],"password":"{{WrongPassword}}"}""",
            $$"""{"email":"no address","password":"{{WrongPassword}}"}""",
            $$"""{"phone":"{{WrongPassword}}","password":"{{WrongPassword}}"}""",
            $$"""{"refresh_token":["{{_payer.RefreshToken}}"]}""",
            $$"""{"refresh_token":"{{_payer.RefreshToken}}x"}""",
        ];
        foreach (var path in new[] { "/v1/auth/signup", "/v1/auth/login", "/v1/auth/refresh", "/v1/auth/logout" })
        {
            foreach (var body in bodies)
            {
                ((int)(await anonymous.PostTextAsync(path, body)).Status).ShouldBeInRange(400, 499, path);
            }
        }

        // To a name that somebody has: he is told, and the other gets no further.
        (await anonymous.PostAsync("/v1/auth/signup", new { email = _payer.Email, password = WrongPassword })).ShouldBeOk();
        var unconfirmed = Client();
        await unconfirmed.SignUpUnconfirmedAsync(FrontdoorHost.NewEmail());
        (await unconfirmed.PostAsync("/v1/me/email/confirm", new { code = "0000 0000" })).Status
            .ShouldBe(HttpStatusCode.UnprocessableEntity);
        await anonymous.GetAsync($"/hubs/live?access_token={_payer.AccessToken}x");
        await anonymous.PostAsync($"/hubs/live/negotiate?negotiateVersion=1&access_token={_payer.AccessToken}");
        await anonymous.GetAsync($"/v1/wallet?access_token={_payer.AccessToken}&password={Uri.EscapeDataString(WrongPassword)}");
        var stranger = Client();
        stranger.AccessToken = _payer.AccessToken + "x";
        (await stranger.GetAsync("/v1/wallet")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _payee.GetAsync($"/v1/payments/{PaymentId}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _payer.PostAsync("/v1/payments", new { recipient = _payee.Email, asset = "USDC", amount = "1e3" })).Status
            .ShouldBe(HttpStatusCode.BadRequest);
        await FailInTheDatabaseAsync(anonymous);
    }

    // An exception with its details is what logs show most of.
    private async Task FailInTheDatabaseAsync(Api anonymous)
    {
        await ExecuteAsync("ALTER TABLE identity.sessions RENAME TO away");
        var login = await anonymous.PostAsync("/v1/auth/login", new { email = _payer.Email, password = Api.Password });
        var refresh = await anonymous.PostAsync("/v1/auth/refresh", new { refresh_token = _payer.RefreshToken });
        await ExecuteAsync("ALTER TABLE identity.away RENAME TO sessions");
        ((int)login.Status).ShouldBeGreaterThanOrEqualTo(500);
        ((int)refresh.Status).ShouldBeGreaterThanOrEqualTo(500);
    }

    // The recipient gives up the asset between quote and confirmation.
    private async Task FailOneAsync()
    {
        using var outsider = SigningKey.Generate();
        var ledger = new OutsidersLedger(host.Sandbox);
        await ledger.TrustUsdcAsync(outsider, long.MaxValue);
        var order = new { recipient = outsider.AccountId.ToString(), asset = "USDC", amount = "1" };
        var id = (await _payer.PostAsync("/v1/payments", order)).ShouldBeOk().Body.GetProperty("id").GetString()!;
        await ledger.TrustUsdcAsync(outsider, 0);
        (await _payer.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeOk();
        await UntilStatusAsync(_payer, id, "failed");
    }

    private Api Client()
    {
        var http = new HttpClient(Answers, disposeHandler: false) { BaseAddress = new Uri("http://door") };
        _clients.Add(http);
        return new Api(http, host.Messages);
    }

    private async Task<Api> SignUpAsync()
    {
        var api = Client();
        await api.SignUpAsync(FrontdoorHost.NewEmail());
        return api;
    }

    private async Task<LiveClient> ConnectAsync(Api api)
    {
        var live = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        _live.Add(live);
        return live;
    }

    private async Task<JsonElement> PayAsync(object order, string status)
    {
        var id = (await _payer.PostAsync("/v1/payments", order, Api.NewKey())).ShouldBeOk().Body.GetProperty("id").GetString()!;
        return await UntilStatusAsync(_payer, id, status);
    }

    private static async Task<JsonElement> UntilStatusAsync(Api payer, string id, string status)
    {
        JsonElement payment = default;
        await UntilAsync(async () =>
        {
            payment = (await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body;
            return payment.GetProperty("status").GetString() == status;
        }, $"the payment is {status}");
        return payment;
    }

    private async Task AdminAsync(string path, object body)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var answer = await http.PostAsJsonAsync(path, body, Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static bool IsActive(JsonElement wallet) => wallet.GetProperty("status").GetString() == "active";

    private static string? BalanceOf(JsonElement wallet, string asset) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == asset)
        .Select(balance => balance.GetProperty("balance").GetString()).SingleOrDefault();
}
