namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>The right to have a password hashed, until it is given back.</summary>
internal sealed class PasswordTurn(PasswordQueue queue) : IDisposable
{
    private bool _over;

    /// <summary>Hashes on a thread of its own, for the pool's threads serve everybody.</summary>
    public Task<T> HashAsync<T>(Func<T> hash) => Task.Factory.StartNew(
        hash, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    public void Dispose()
    {
        if (!_over)
        {
            _over = true;
            queue.Leave();
        }
    }
}
