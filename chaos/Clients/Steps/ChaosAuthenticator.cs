using OtpNet;

namespace StellarPay.Chaos.Clients.Steps;

/// <summary>The second factor of the administrator, whose role counts for nothing without it.</summary>
internal sealed class ChaosAuthenticator(ChaosUser user) : IDisposable
{
    private const int StepSeconds = 30;
    private const int Tries = 8;

    // A minute less than what was shown lets through.
    private static readonly TimeSpan ShownFor = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim _gate = new(1);
    private Totp? _totp;
    private long _lastStep;
    private DateTimeOffset _shownAt = DateTimeOffset.MinValue;

    /// <summary>Sets it up, which shows it in this session.</summary>
    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        var begun = await user.PostAsync("/v1/me/totp", new { password = user.Password }, null, cancellationToken);
        _totp = new Totp(Base32Encoding.ToBytes(begun?.Text("secret") ?? throw new ChaosException("There is no authenticator.")));
        var code = await NextCodeAsync(cancellationToken);
        if (await user.PostAsync("/v1/me/totp/confirm", new { code }, null, cancellationToken) is not { IsSuccess: true })
        {
            throw new ChaosException("The authenticator was not set up.");
        }

        _shownAt = TimeProvider.System.GetUtcNow();
    }

    /// <summary>
    /// Shows it again, if that was too long ago. A code works once, also where the answer was lost: then the next is shown.
    /// </summary>
    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            for (var i = 0; i < Tries && TimeProvider.System.GetUtcNow() - _shownAt > ShownFor; i++)
            {
                var code = await NextCodeAsync(cancellationToken);
                if (await user.PostAsync("/v1/auth/step-up", new { code }, null, cancellationToken) is { IsSuccess: true })
                {
                    _shownAt = TimeProvider.System.GetUtcNow();
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string> NextCodeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = TimeProvider.System.GetUtcNow();
            var step = now.ToUnixTimeSeconds() / StepSeconds;
            if (step > _lastStep)
            {
                _lastStep = step;
                return _totp!.ComputeTotp(now.UtcDateTime);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }
}
