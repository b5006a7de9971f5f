using System.Diagnostics;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Cluster;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Hostile;

/// <summary>Users who have nothing to do with it: one pays another, and a third gets deposits.</summary>
internal sealed class Bystanders : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ClusterDeployment _cluster;
    private readonly Person _payer;
    private readonly Person _payee;
    private readonly Person _saver;
    private int _deposits;

    private Bystanders(ClusterDeployment cluster, Person payer, Person payee, Person saver) =>
        (_cluster, _payer, _payee, _saver) = (cluster, payer, payee, saver);

    public static async Task<Bystanders> ArriveAsync(ClusterDeployment cluster)
    {
        var bystanders = new Bystanders(
            cluster, await cluster.SignUpAsync("payer"), await cluster.SignUpAsync("payee"), await cluster.SignUpAsync("saver"));
        await cluster.IssueAsync(bystanders._payer, "1000");
        await bystanders._payer.WaitForUsdcAsync("1000.0000000");
        // The first of each makes activations; it is no part of what is measured.
        await bystanders.PayAsync();
        await bystanders.DepositAsync();
        return bystanders;
    }

    /// <summary>Pays and is paid until it is told to stop.</summary>
    public async Task<(SettleTimes Payments, SettleTimes Deposits)> LiveAsync(CancellationToken stop)
    {
        var payments = RepeatAsync(PayAsync, stop);
        var deposits = RepeatAsync(DepositAsync, stop);
        return (new SettleTimes(await payments), new SettleTimes(await deposits));
    }

    public async ValueTask DisposeAsync()
    {
        await _payer.DisposeAsync();
        await _payee.DisposeAsync();
        await _saver.DisposeAsync();
    }

    private static async Task<List<TimeSpan>> RepeatAsync(Func<Task<TimeSpan>> settle, CancellationToken stop)
    {
        var times = new List<TimeSpan>();
        while (!stop.IsCancellationRequested)
        {
            times.Add(await settle());
            await Task.Delay(Pause, CancellationToken.None);
        }

        return times;
    }

    // From the request until its payment is on the ledger and told.
    private async Task<TimeSpan> PayAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var key = Guid.NewGuid().ToString();
        var answer = await Eventually.GetAsync(
            () => _payer.Api.PostAsync("/v1/payments", new { recipient = _payee.Email, asset = "USDC", amount = "0.01", confirm = true }, key),
            answer => (int)answer.Status is not (503 or 504),
            "an answer that does not ask to come back");
        var payment = await _payer.UntilTerminalAsync(answer.Required.GetProperty("id").GetString()!);
        payment.GetProperty("status").GetString().ShouldBe("succeeded", payment.GetRawText());
        return Stopwatch.GetElapsedTime(began);
    }

    // From the ledger that has it until the wallet's owner is told.
    private async Task<TimeSpan> DepositAsync()
    {
        await _cluster.IssueAsync(_saver, "1");
        var began = Stopwatch.GetTimestamp();
        await _saver.WaitForUsdcAsync($"{++_deposits}.0000000");
        return Stopwatch.GetElapsedTime(began);
    }
}
