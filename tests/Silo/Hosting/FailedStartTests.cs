using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StellarPay.Silo.Hosting;
using StellarPay.Silo.Tests.Failures;

namespace StellarPay.Silo.Tests.Hosting;

/// <summary>
/// A start that fails is one failure, also where workers had begun: a host that is only disposed of takes each worker that it cuts off for
/// another.
/// </summary>
public sealed class FailedStartTests
{
    [Fact]
    public async Task What_had_begun_is_stopped_and_no_worker_is_said_to_have_failed()
    {
        using var log = new ScopedLog();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddHostedService<Worker>();
        builder.Services.AddHostedService<Unlucky>();
        var worker = new TaskCompletionSource();
        builder.Services.AddSingleton(worker);

        using (var host = builder.Build())
        {
            (await Should.ThrowAsync<InvalidOperationException>(host.StartOrStopAsync())).Message.ShouldBe("no luck");
            worker.Task.IsCompleted.ShouldBeTrue("stopped before the start's failure is told");
        }

        log.Lines.ShouldNotContain(line => line.Level == LogLevel.Critical || line.Exception is OperationCanceledException);
    }

    private sealed class Worker(TaskCompletionSource ended) : BackgroundService
    {
        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken);
            ended.TrySetResult();
        }

        // Ends as one does that is cut off before it began.
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(Timeout.Infinite, stoppingToken);
    }

    private sealed class Unlucky : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("no luck");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
