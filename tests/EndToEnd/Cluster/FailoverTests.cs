using System.Diagnostics;
using System.Net;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Cluster;

/// <summary>
/// The follower's silo dies, or stands still and comes back believing that it is the follower. Deposits go on arriving, each
/// once. The aim is ten seconds; what is asserted is generous, for a machine that does much else.
/// </summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private const int People = 4;
    private static readonly TimeSpan TakeOverDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ClusterDeployment _cluster = new();
    private readonly List<Person> _people = [];

    public async ValueTask InitializeAsync()
    {
        await _cluster.InitializeAsync();
        for (var i = 0; i < People; i++)
        {
            _people.Add(await _cluster.SignUpAsync($"person{i}"));
        }

        await DepositAsync();
        await UntilCreditedAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
        {
            await person.DisposeAsync();
        }

        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_after_the_followers_silo_was_killed_arrives()
    {
        await _cluster.FollowersSilo.KillAsync();
        var died = Stopwatch.GetTimestamp();
        await DepositAsync();
        await UntilCreditedAsync(2);

        RequireSoon("killed", died);
        await ShouldHaveAsync("20.0000000");
    }

    [Fact]
    public async Task A_followers_silo_that_stood_still_comes_back_and_does_no_harm()
    {
        var paused = _cluster.FollowersSilo;
        await paused.PauseAsync();
        var stood = Stopwatch.GetTimestamp();
        await DepositAsync();
        await UntilCreditedAsync(2);

        RequireSoon("paused", stood);
        await paused.ResumeAsync();
        await DepositAsync();
        await UntilCreditedAsync(3);
        // Declared dead meanwhile, it learns so and ends.
        await paused.WaitForExitAsync();
        await DepositAsync();
        await UntilCreditedAsync(4);

        await ShouldHaveAsync("40.0000000");
        foreach (var person in _people)
        {
            (await _cluster.CreditsAsync(person)).ShouldBe(4);
        }
    }

    private Task DepositAsync() => Task.WhenAll(_people.Select(person => _cluster.IssueAsync(person, "10")));

    private async Task UntilCreditedAsync(long times)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        foreach (var person in _people)
        {
            while (await _cluster.CreditsAsync(person) < times)
            {
                await Task.Delay(PollInterval, deadline.Token);
            }
        }
    }

    private static void RequireSoon(string how, long since)
    {
        var took = Stopwatch.GetElapsedTime(since);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Deposits to {People} wallets after the follower's silo was {how}: all there after {took.TotalSeconds:0.0} s");
        took.ShouldBeLessThan(TakeOverDeadline);
    }

    // Clients repeat what is unavailable, as the answer says.
    private async Task ShouldHaveAsync(string usdc)
    {
        foreach (var person in _people)
        {
            var seen = await Eventually.GetAsync(
                async () =>
                {
                    var answer = await person.Api.GetAsync("/v1/wallet");
                    return answer.Status == HttpStatusCode.ServiceUnavailable ? null : Person.Usdc(answer.Required);
                },
                seen => seen is not null, "the wallet to answer");
            seen.ShouldBe(usdc);
        }
    }
}
