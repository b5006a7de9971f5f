using Microsoft.Extensions.Options;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Network;

/// <summary>
/// How many questions of one wallet's user, or of one merchant's refunds, go to the network, so that none takes what the network allows all
/// of us. Kept by each silo by itself: a wallet is on one, and a merchant's sessions are on all.
/// </summary>
internal sealed class QuestionBudget(IOptions<NetworkOptions> options, TimeProvider time)
{
    private const int FewWallets = 10_000;
    private const int PayersPart = 4;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    // By who asks, when his budget is whole again: each question puts that off by its share of a minute.
    private readonly Dictionary<string, DateTimeOffset> _wholeAt = new(StringComparer.Ordinal);
    private readonly TimeSpan _eachOfWallet = Minute / options.Value.QuestionsPerWallet;
    private readonly TimeSpan _eachOfMerchant = Minute / options.Value.QuestionsPerMerchant;
    private int _most = FewWallets;

    /// <summary>Null if there is room for one more question.</summary>
    public Error? Take(string wallet) => Take(wallet, _eachOfWallet, "wallet");

    /// <summary>Null if there is room for one more question about a merchant's payers.</summary>
    public Error? TakeOfMerchant(string merchant) => Take(merchant, _eachOfMerchant, "merchant");

    /// <summary>
    /// The same where one of those asks: a quarter of as many, and apart, so that they use up nothing of what the merchant himself may ask.
    /// </summary>
    public Error? TakeOfPayers(string merchant) => Take($"payers of {merchant}", _eachOfMerchant * PayersPart, "merchant");

    private Error? Take(string who, TimeSpan each, string name)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wholeAt = _wholeAt.TryGetValue(who, out var known) && known > now ? known : now;
            if (wholeAt + each - now > Minute)
            {
                return new Error(ErrorKind.RateLimited, "too_many_questions",
                    $"This {name} has asked the Stellar network for too much in a short time. Please wait a moment.",
                    RetryAfter: wholeAt + each - now - Minute);
            }

            if (_wholeAt.Count >= _most)
            {
                Forget(now);
            }

            _wholeAt[who] = wholeAt + each;
            return null;
        }
    }

    // A whole budget is what somebody has of whom nothing is known. So many are kept as ask within a minute.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (who, wholeAt) in _wholeAt)
        {
            if (wholeAt <= now)
            {
                _wholeAt.Remove(who);
            }
        }

        _most = Math.Max(FewWallets, 2 * _wholeAt.Count);
    }
}
