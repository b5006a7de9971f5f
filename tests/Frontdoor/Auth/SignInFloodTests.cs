using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// Strangers sign in, all the time and from many addresses. The bug kept away: passwords were hashed on the pool's threads, as
/// many at once as came, and took every processor.
/// </summary>
public sealed class SignInFloodTests(SignInFloodTests.StrongHost host, ITestOutputHelper output)
    : IClassFixture<SignInFloodTests.StrongHost>
{
    private const int Addresses = 12;
    private const int LoginsEach = 4;
    private const int Payments = 10;
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact(Explicit = true)]
    public async Task While_strangers_flood_the_logins_others_pay_and_get_in()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        await using var paying = await LiveClient.ConnectAsync(host.Address, payer.AccessToken!);
        await using var paid = await LiveClient.ConnectAsync(host.Address, payee.AccessToken!);
        await IssueAsync(await paying.WalletWhereAsync(wallet => StatusOf(wallet) == "active"));
        await paying.WalletWhereAsync(wallet => wallet.GetRawText().Contains("\"100.0000000\"", StringComparison.Ordinal));
        await paid.WalletWhereAsync(wallet => StatusOf(wallet) == "active");
        using var end = new CancellationTokenSource();
        var flood = Task.WhenAll(Enumerable.Range(0, Addresses * LoginsEach).Select(i => FloodAsync(i, end.Token)));
        try
        {
            for (var i = 0; i < Payments; i++)
            {
                var began = Stopwatch.GetTimestamp();
                (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "0.01", confirm = true }, $"pay-{i}"))
                    .ShouldBeOk();
                output.WriteLine($"payment {i} after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
                Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Soon);
            }

            // From addresses of their own: two logins and a sign-up among the many.
            for (var i = 0; i < 2; i++)
            {
                (await LoginAsync($"198.51.100.{1 + i}", payer.Email, Api.Password)).ShouldBeOk();
            }

            await host.SignUpAsync();
        }
        finally
        {
            await end.CancelAsync();
        }

        var answers = (await flood).SelectMany(each => each).ToList();
        output.WriteLine(string.Join(", ", answers.GroupBy(answer => answer.Code).Select(group => $"{group.Key} {group.Count()} times")));
        answers.ShouldContain((HttpStatusCode.ServiceUnavailable, "sign_in_busy"));
        answers.Distinct().ShouldBeSubsetOf(
        [
            (HttpStatusCode.Unauthorized, "invalid_credentials"), (HttpStatusCode.ServiceUnavailable, "sign_in_busy"),
            (HttpStatusCode.TooManyRequests, "too_many_sign_ins"),
        ]);
    }

    [Fact]
    public async Task Who_gets_no_turn_is_told_when_to_come_again_and_no_attempt_of_the_account_is_used_up()
    {
        var victim = await host.SignUpAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => LoginAsync($"203.0.113.{i}", victim.Email, "wrong")));

        var refused = answers.Where(answer => answer.Status == HttpStatusCode.TooManyRequests && CodeOf(answer) == "too_many_sign_ins").ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(answer => answer.Headers.RetryAfter!.Delta == LongestWait);
        // Ten wrong ones lock it; of forty so many were looked at that it is open still.
        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBeLessThan(10);
        (await LoginAsync("198.51.100.9", victim.Email, Api.Password)).ShouldBeOk();
    }

    // Each of a flood's clients has one request out and then the next.
    private async Task<List<(HttpStatusCode Status, string Code)>> FloodAsync(int number, CancellationToken end)
    {
        var answers = new List<(HttpStatusCode Status, string Code)>();
        while (!end.IsCancellationRequested)
        {
            var answer = await LoginAsync($"203.0.{number % Addresses}.1", FrontdoorHost.NewEmail(), "wrong password of mine");
            answers.Add((answer.Status, CodeOf(answer)));
            if (answer.Status != HttpStatusCode.Unauthorized)
            {
                // They run in the process that they attack: what their requests alone cost is not the matter here.
                await Task.Delay(RefusedPause, CancellationToken.None);
            }
        }

        return answers;
    }

    private static string CodeOf(Answer answer) => answer.Body.GetProperty("error").GetProperty("code").GetString()!;

    private static string StatusOf(JsonElement wallet) => wallet.GetProperty("status").GetString()!;

    private Task<Answer> LoginAsync(string caller, string email, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/login") { Content = JsonContent.Create(new { email, password }) };
        request.Headers.Add("X-Forwarded-For", caller);
        return host.Anonymous().SendAsync(request);
    }

    private async Task IssueAsync(JsonElement wallet)
    {
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        using var issued = await http.PostAsJsonAsync(
            "/admin/issue", new { account = wallet.GetProperty("address").GetString(), asset = "USDC", amount = "100" },
            TestContext.Current.CancellationToken);
        issued.EnsureSuccessStatusCode();
    }

    /// <summary>With as many rounds as in production, and the usual queue.</summary>
    public sealed class StrongHost : WholeHost
    {
        protected override int PasswordRounds => 220_000;

        protected override Dictionary<string, string?> Settings => new(base.Settings)
        {
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
            // A machine that is busy with other tests takes seconds for a hash.
            ["StellarPay:Passwords:LongestWaitSeconds"] = $"{LongestWait.TotalSeconds}",
            ["StellarPay:Passwords:MostWaiting"] = "24",
            ["StellarPay:Passwords:MostWaitingPerAddress"] = "16",
            ["StellarPay:Passwords:MostWaitingPerAccount"] = "4",
        };
    }
}
