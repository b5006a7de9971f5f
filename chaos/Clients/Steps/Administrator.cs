using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Steps;

/// <summary>A user with the role of an administrator: replaces keys, and decides what becomes of suspended deposits.</summary>
internal sealed class Administrator(ChaosUser user) : IDisposable
{
    /// <summary>For a user, back to the sender, or kept.</summary>
    public const int Outcomes = 3;

    private const string Suspense = "/v1/admin/suspense";
    private const int Busy = 409;
    private const int Tries = 30;
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);

    private readonly ChaosAuthenticator _authenticator = new(user);
    private int _decided;

    /// <summary>Signs up, is given the role, logs in with it, and sets up the second factor without which it does not count.</summary>
    public async Task PrepareAsync(Func<string, CancellationToken, Task> grant, CancellationToken cancellationToken)
    {
        await user.EnterAsync(cancellationToken);
        await grant(user.UserId, cancellationToken);
        await user.EnterAgainAsync(cancellationToken);
        await _authenticator.SetUpAsync(cancellationToken);
    }

    public async Task RotateKeyAsync(ChaosUser of, CancellationToken stop)
    {
        await _authenticator.ShowAsync(stop);
        await user.PostAsync($"/v1/admin/wallets/{of.WalletId}/rotate-key", new { reason = "chaos asks for it" }, null, stop);
    }

    public void Dispose() => _authenticator.Dispose();

    /// <summary>Decides one of the deposits that nobody has decided: for a user, back to the sender, or to keep it.</summary>
    public async Task DecideAsync(PlannedAction action, ChaosUser beneficiary, CancellationToken stop)
    {
        if (await OpenAsync(stop) is [_, ..] open)
        {
            await DecideAsync(open[action.Number % open.Count], beneficiary, stop);
        }
    }

    /// <summary>Decides one deposit for each outcome, once there are enough, one after the other.</summary>
    public async Task DecideEachAsync(ChaosUser beneficiary, CancellationToken stop)
    {
        var open = await OpenAsync(stop);
        for (var i = 0; i < Tries && open.Count <= Outcomes; i++)
        {
            await Task.Delay(BusyPause, stop);
            open = await OpenAsync(stop);
        }

        foreach (var id in open.Take(Outcomes))
        {
            for (var i = 0; i < Tries && await DecideAsync(id, beneficiary, stop) is { Status: Busy }; i++)
            {
                await Task.Delay(BusyPause, stop);
            }
        }
    }

    // One answer or none: the caller may come again. Each outcome in turn.
    private async Task<Answer?> DecideAsync(string id, ChaosUser beneficiary, CancellationToken stop)
    {
        await _authenticator.ShowAsync(stop);
        var answer = (Volatile.Read(ref _decided) % Outcomes) switch
        {
            0 => await user.PostAsync($"{Suspense}/{id}/assign", new { user = beneficiary.UserId }, null, stop),
            1 => await user.PostAsync($"{Suspense}/{id}/return", null, null, stop),
            _ => await user.PostAsync($"{Suspense}/{id}/keep", null, null, stop),
        };
        if (answer is { IsSuccess: true })
        {
            Interlocked.Increment(ref _decided);
        }

        return answer;
    }

    private async Task<List<string>> OpenAsync(CancellationToken stop)
    {
        var page = await user.GetAsync($"{Suspense}?status=open&limit=100", stop);
        return page is { IsSuccess: true }
            ? [.. page.Body.GetProperty("data").EnumerateArray().Select(deposit => deposit.GetProperty("id").GetString()!)]
            : [];
    }
}
