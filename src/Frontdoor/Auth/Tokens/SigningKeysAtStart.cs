namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>Sees that there is a key to sign with before anyone asks, so that a missing secret stops the start.</summary>
internal sealed class SigningKeysAtStart(SigningKeyRing ring) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => ring.GetSigningKeyAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
