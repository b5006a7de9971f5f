using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Costs;

/// <summary>A thousand sign-ups from one IPv6 network of 64 bits, each from an address of its own.</summary>
public sealed class ThousandSignUpsTests(ThousandSignUpsTests.DefaultCodes host) : IClassFixture<ThousandSignUpsTests.DefaultCodes>
{
    private const int Crowd = 1000;
    private const int AtOnce = 50;

    // The default.
    private const int CodesPerNetwork = 120;

    [Fact]
    public async Task They_get_what_a_network_may_cost_in_an_hour_and_others_get_theirs()
    {
        var statuses = new System.Collections.Concurrent.ConcurrentBag<HttpStatusCode>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Crowd),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (n, _) =>
            {
                var answer = await SignUpAsync($"2001:db8:0:7:{n:x}::1", $"crowd-{n}@d{n}.example");
                statuses.Add(answer.Status);
                if (answer.Status == HttpStatusCode.TooManyRequests)
                {
                    answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(65));
                }
            });

        statuses.Count(status => status == HttpStatusCode.Created).ShouldBe(CodesPerNetwork);
        statuses.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBe(Crowd - CodesPerNetwork);
        (await CountAsync("SELECT count(*) FROM identity.users")).ShouldBe(CodesPerNetwork);
        (await SignUpAsync("2001:db8:0:8::1", "other@other.example")).Status.ShouldBe(HttpStatusCode.Created);
        (await SignUpAsync("203.0.113.1", "another@other.example")).Status.ShouldBe(HttpStatusCode.Created);
    }

    private Task<Answer> SignUpAsync(string address, string email) =>
        host.AnonymousAt(address).PostAsync("/v1/auth/signup", new { email, password = Api.Password });

    private async Task<long> CountAsync(string sql)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public sealed class DefaultCodes : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:Frontdoor:TrustedProxies:0"] = "127.0.0.0/8",
            ["StellarPay:RateLimits:CodesPerNetwork"] = $"{CodesPerNetwork}",
            // However slow the machine is.
            ["StellarPay:Passwords:LongestWaitSeconds"] = "60",
        };
    }
}
