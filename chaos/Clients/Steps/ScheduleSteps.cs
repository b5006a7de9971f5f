using System.Globalization;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Steps;

/// <summary>Payments that are made later, and again and again.</summary>
internal sealed class ScheduleSteps(int seed, TimeProvider time)
{
    /// <summary>The memo of every payment of a schedule begins so, and has the action's number behind it.</summary>
    public const string MemoPrefix = "sched ";

    private const string Path = "/v1/schedules";
    private const int Tries = 3;
    private const int Occurrences = 3;
    // So little that no balance is too small for it: a refused occurrence waits for minutes, and is of no use here.
    private const long MostStroops = 100_000;

    // A cent, which is the least that may be paid.
    private const long LeastStroops = 100_000;

    public async Task ScheduleAsync(PlannedAction action, ChaosUser payer, ChaosUser payee, string frequency, CancellationToken stop)
    {
        for (var i = 0; i < Tries; i++)
        {
            // Soon, and not so soon that none of it could go wrong first.
            var body = new
            {
                recipient = action.ByAddress ? payee.Address : payee.Email,
                asset = "USDC",
                amount = PaymentOrder.Decimal(LeastStroops + (action.Stroops % MostStroops)),
                memo = MemoPrefix + action.Number.ToString(CultureInfo.InvariantCulture),
                frequency,
                start_at = time.GetUtcNow() + (action.Pause * 10),
                count = frequency == "once" ? (int?)null : Occurrences,
            };
            var key = $"chaos-{seed}-{action.Number}-schedule{i}";
            // Refused where it had to be asked for so long that its time is over: none was made, and another is asked for.
            if (await payer.PostAsync(Path, body, key, stop) is { IsSuccess: true })
            {
                await payer.PostAsync(Path, body, key, stop);
                return;
            }
        }
    }
}
