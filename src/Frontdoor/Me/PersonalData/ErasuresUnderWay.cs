using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>
/// Goes on with erasures that were cut off: somebody whose wallet was given up is not left with a name and nothing to open. Any number of
/// front doors may run it.
/// </summary>
internal sealed partial class ErasuresUnderWay(
    ErasureStore store,
    IServiceScopeFactory scopes,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<ErasuresUnderWay> logger) : UpkeepWorker(TimeSpan.FromMinutes(1), machine)
{
    /// <summary>So long a request has to carry one out itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const int Most = 20;

    /// <summary>Goes on with those that are left, and says how many are over.</summary>
    public async Task<int> ContinueAsync(CancellationToken cancellationToken)
    {
        // Before their wallets are given up. What was decided before the role was given would be carried out when it is taken away.
        foreach (var administrator in await store.WithdrawOfAdministratorsAsync(cancellationToken))
        {
            LogWithdrawn(logger, administrator);
        }

        var over = 0;
        foreach (var (user, since) in await store.FindLeftAsync(business.GetUtcNow() - Patience, Most, cancellationToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                // He proved himself when it was decided.
                await scope.ServiceProvider.GetRequiredService<Erasure>().CarryOutAsync(user, since, PayerProof.FactorShown);
                over++;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogPutOff(logger, e, user.Value);
                await store.PutOffAsync(user, since);
            }
        }

        return over;
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => ContinueAsync(cancellationToken);

    protected override void Failed(Exception exception) => LogFailed(logger, exception);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Error, Message = "The erasure of {User}, which was cut off, could not be carried out; it is tried again in a minute.")]
    private static partial void LogPutOff(ILogger logger, Exception exception, string user);

    [LoggerMessage(EventId = 5014, Level = LogLevel.Warning, Message = "{User} was being erased and is an administrator: the erasure is withdrawn, and he may ask for it again when the role is taken away.")]
    private static partial void LogWithdrawn(ILogger logger, string user);

    [LoggerMessage(EventId = 5013, Level = LogLevel.Warning, Message = "Erasures that were cut off could not be looked for; they are in a minute.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
