using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace StellarPay.SingleNode.Tests.Reminders;

public sealed class ReminderRestartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_reminder_survives_the_restart_of_the_whole_cluster_and_comes_when_it_is_due()
    {
        var key = $"remind_restart_{Guid.NewGuid():N}";
        await using (var before = await DeployAsync())
        {
            await before.GrainFactory.GetGrain<IReminded>(key).Remind("kept", TimeSpan.FromSeconds(3), Minute);
            await before.StopAllSilosAsync();
        }

        Gates.All.Said(key).ShouldBeEmpty();
        await using var after = await DeployAsync();

        await Gates.All.HasSaid(key, "kept every 00:01:00");
    }

    [Fact]
    public async Task A_reminder_goes_on_when_the_silo_that_served_it_is_killed()
    {
        await using var cluster = await DeployAsync();
        await cluster.StartAdditionalSiloAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        var key = $"remind_kill_{cluster.Options.ClusterId}";
        await cluster.GrainFactory.GetGrain<IReminded>(key).Remind("goes on", TimeSpan.FromSeconds(2), Minute);

        await cluster.KillSiloAsync(cluster.SecondarySilos[0]);

        await Gates.All.HasSaid(key, "goes on every 00:01:00");
    }

    private static async Task<TestCluster> DeployAsync()
    {
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<Silo>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private sealed class Silo : ISiloConfigurator
    {
        private static readonly KeptReminders Kept = new();

        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.AddReminders();
            siloBuilder.Services.AddSingleton<IReminderTable>(Kept);
        }
    }
}
