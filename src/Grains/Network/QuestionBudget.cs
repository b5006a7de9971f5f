using Microsoft.Extensions.Options;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>
/// How many questions of one wallet's user go to the network, so that none takes what the network allows all of us. Kept by each
/// silo by itself: a wallet is on one.
/// </summary>
internal sealed class QuestionBudget(IOptions<NetworkOptions> options, TimeProvider time)
{
    private const int FewWallets = 10_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    // By wallet, when its budget is whole again: each question puts that off by its share of a minute.
    private readonly Dictionary<string, DateTimeOffset> _wholeAt = new(StringComparer.Ordinal);
    private readonly TimeSpan _each = Minute / options.Value.QuestionsPerWallet;
    private int _most = FewWallets;

    /// <summary>Null if there is room for one more question.</summary>
    public Error? Take(string wallet)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wholeAt = _wholeAt.TryGetValue(wallet, out var known) && known > now ? known : now;
            if (wholeAt + _each - now > Minute)
            {
                return new Error(ErrorKind.RateLimited, "too_many_questions",
                    "This wallet has asked the Stellar network for too much in a short time. Please wait a moment.",
                    RetryAfter: wholeAt + _each - now - Minute);
            }

            if (_wholeAt.Count >= _most)
            {
                Forget(now);
            }

            _wholeAt[wallet] = wholeAt + _each;
            return null;
        }
    }

    // A whole budget is what a wallet has of which nothing is known. So many are kept as ask within a minute.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (wallet, wholeAt) in _wholeAt)
        {
            if (wholeAt <= now)
            {
                _wholeAt.Remove(wallet);
            }
        }

        _most = Math.Max(FewWallets, 2 * _wholeAt.Count);
    }
}
