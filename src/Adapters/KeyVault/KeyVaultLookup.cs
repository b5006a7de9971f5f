using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// Looks up the version that wraps before anything else starts, and again every few minutes: a key that was rotated in the
/// vault comes into use without a restart.
/// </summary>
internal sealed partial class KeyVaultLookup(
    AzureKeyVaultKeyEncryptionKey key, TimeProvider time, ILogger<KeyVaultLookup> logger) : BackgroundService, IHostedLifecycleService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await key.RefreshAsync(cancellationToken);
        }
        catch (KeyVaultException e)
        {
            throw new KeyVaultStartException(SentenceOf(e), e);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!key.Follows)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RefreshAsync(stoppingToken);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            await key.RefreshAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever it is: the key before goes on.
            LogNotLookedUp(e is KeyVaultException ? e.Message : e.GetType().Name);
        }
    }

    private static string SentenceOf(KeyVaultException e) => e.Status switch
    {
        404 => $"AZURE_KEY_VAULT_KEY names a key that the vault does not have. {e.Message}",
        401 or 403 => "AZURE_KEY_VAULT_KEY names a key that this process may not use: its Azure identity needs the permissions "
            + $"get, wrapKey and unwrapKey. {e.Message}",
        _ => $"AZURE_KEY_VAULT_KEY cannot be used. {e.Message}",
    };

    [LoggerMessage(3303, LogLevel.Warning, "The newest version of the key was not looked up; the one before goes on wrapping: {Reason}")]
    private partial void LogNotLookedUp(string reason);
}
