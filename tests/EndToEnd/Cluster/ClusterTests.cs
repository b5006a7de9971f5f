using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Adapters.Settings;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Wallets;
using StellarPay.Silo.Hosting;

namespace StellarPay.EndToEnd.Tests.Cluster;

public sealed class ClusterTests(ClusterDeployment cluster) : IClassFixture<ClusterDeployment>
{
    private static readonly TimeSpan TakeOverDeadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Wallets_on_two_silos_pay_each_other_and_one_silo_may_die()
    {
        var people = new List<Person>();
        for (var i = 0; i < 6; i++)
        {
            people.Add(await cluster.SignUpAsync($"person{i}"));
        }

        foreach (var person in people)
        {
            await cluster.IssueAsync(person, "10");
            await person.WaitForUsdcAsync("10.0000000");
        }

        await PayRoundAsync(people);
        foreach (var person in people)
        {
            (await Eventually.GetAsync(person.GetUsdcAsync, usdc => usdc == "10.0000000", "the round to balance")).ShouldBe("10.0000000");
        }

        await cluster.Silos[0].KillAsync();

        foreach (var person in people)
        {
            (await ServedAsync(() => person.Api.GetAsync("/v1/wallet"))).Required.GetRawText();
        }

        await PayRoundAsync(people);
        foreach (var person in people)
        {
            (await Eventually.GetAsync(person.GetUsdcAsync, usdc => usdc == "10.0000000", "the round to balance")).ShouldBe("10.0000000");
            await person.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_of_the_cluster_is_refused_what_is_for_grains_and_hosts()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.AddStellarPaySettings();
        builder.Configuration["StellarPay:Postgres"] = cluster.Postgres;
        builder.Configuration["StellarPay:ClusterTls"] = cluster.Certificates;
        builder.AddStellarPayClient(builder.ReadStellarPaySettings());
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var grains = host.Services.GetRequiredService<IClusterClient>();

        // A silo may just have died in another test, and the follower with it.
        await Eventually.GetAsync(
            () => grains.GetGrain<IFollowerGrain>(IFollowerGrain.Key).GetStatusAsync(), status => status.Running, "the follower runs");
        await Should.ThrowAsync<GrainFailedException>(grains.GetGrain<IFollowerInternal>(IFollowerGrain.Key).StartAsync());
        await Should.ThrowAsync<GrainFailedException>(grains.GetGrain<IFeeAccountGrain>("plt_fees_00").EnsureAsync(TestContext.Current.CancellationToken));
        // Inherited by an interface for users.
        await Should.ThrowAsync<GrainFailedException>(grains.GetGrain<IWalletGrain>("wal_x").WakeAsync());

        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    // Each pays one USDC to the next, the last to the first.
    private static async Task PayRoundAsync(List<Person> people)
    {
        var payments = await Task.WhenAll(people.Select(async (payer, i) =>
        {
            var recipient = people[(i + 1) % people.Count].Email;
            var quote = await ServedAsync(() => payer.Api.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "1" }));
            var id = quote.Required.GetProperty("id").GetString()!;
            (await ServedAsync(() => payer.ConfirmAsync(id, id))).Required.GetRawText();
            return (payer, id);
        }));
        foreach (var (payer, id) in payments)
        {
            (await payer.UntilTerminalAsync(id)).GetProperty("status").GetString().ShouldBe("succeeded");
        }
    }

    // Until the cluster has noticed the death, calls that reach a grain that lived there fail as unavailable; a client
    // repeats them, as the answer says.
    private static async Task<ApiAnswer> ServedAsync(Func<Task<ApiAnswer>> call)
    {
        using var deadline = new CancellationTokenSource(TakeOverDeadline);
        while (true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            try
            {
                if (await call() is { Status: not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout) } answer)
                {
                    return answer;
                }
            }
            catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
            {
                // The client's own timeout.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), deadline.Token);
        }
    }
}
