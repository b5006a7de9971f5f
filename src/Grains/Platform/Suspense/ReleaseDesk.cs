using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// What operators decide of deposits. What is sent is prepared beside the turns, one at a time, for the next needs the sequence
/// number after this one's. For one activation.
/// </summary>
internal sealed class ReleaseDesk(ISuspenseContext suspense, SuspenseServices services)
{
    private static readonly Error NoSuchDeposit =
        new(ErrorKind.NotFound, "suspense_not_found", "There is no such suspended deposit.");

    private static readonly Error Busy = new(ErrorKind.Conflict, "suspense_busy",
        "Another deposit is being handed on; one goes at a time. Please try again in a few seconds.");

    private readonly SemaphoreSlim _releasing = new(1);

    /// <summary>It has been decided otherwise.</summary>
    public static Error Decided { get; } =
        new(ErrorKind.Conflict, "suspense_decided", "It has been decided otherwise what becomes of this deposit.");

    /// <summary>Hands a deposit on, to a wallet or back. From a call that interleaves.</summary>
    public async Task<Result<string>> ReleaseAsync(
        string depositId, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        await _releasing.WaitAsync(cancellationToken);
        try
        {
            return await ReleaseNextAsync(depositId, decision, cancellationToken);
        }
        catch (NetworkUnavailableException)
        {
            return PlatformFunding.NetworkUnavailable;
        }
        catch (KeyEncryptionUnavailableException)
        {
            return SigningFactsReader.KeysUnavailable;
        }
        finally
        {
            _releasing.Release();
        }
    }

    /// <summary>Leaves a deposit where it is. In a turn.</summary>
    public async Task<Result<string>> KeepAsync(string depositId, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        switch (await services.Suspense.FindAsync(depositId, cancellationToken))
        {
            case null:
                return NoSuchDeposit;
            case { Status: SuspenseStatus.Kept }:
                return depositId;
            case { Status: SuspenseStatus.Open }:
                suspense.Releases.Keep(depositId, decision);
                await suspense.SaveAsync();
                return depositId;
            default:
                return Decided;
        }
    }

    private async Task<Result<string>> ReleaseNextAsync(
        string depositId, SuspenseDecision decision, CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        var (deposit, busy) = await suspense.InTurnAsync(async () =>
            (await services.Suspense.FindAsync(depositId, cancellationToken), suspense.Submissions.IsUnderWay));
        if (deposit is not { Status: SuspenseStatus.Open })
        {
            return deposit is null ? NoSuchDeposit : IsSame(deposit.Decision, decision) ? depositId : Decided;
        }

        if (busy)
        {
            return Busy;
        }

        await suspense.EnsureKeyAsync(cancellationToken);
        var sent = await suspense.Engine.SendAsync(new ReleaseWork(suspense, services, deposit, decision), cancellationToken);
        return sent is null ? Busy : sent.IsSuccess ? depositId : sent.Error;
    }

    private static bool IsSame(SuspenseDecision? before, SuspenseDecision decision) =>
        before is not null && before.Outcome == decision.Outcome && before.User == decision.User;
}
