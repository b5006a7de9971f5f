using StellarPay.Grains.Results;

namespace StellarPay.Grains.Payments;

/// <summary>
/// The idempotency key of a request, which is taken in the transaction of what is done under it (<c>idempotency_take</c>), or in the write
/// of a grain.
/// </summary>
/// <param name="Scope">Whose it is: a merchant's, or a user's who has none yet.</param>
/// <param name="Hash">Under which it is stored.</param>
/// <param name="Fingerprint">A hash of what makes two requests the same: method, path and parameters.</param>
/// <param name="At">When it was asked. Business time.</param>
/// <param name="MostADay">How many such keys one may take in a day.</param>
public sealed record RequestKey(string Scope, string Hash, string Fingerprint, DateTimeOffset At, int MostADay)
{
    /// <summary>From when on the key may be used anew.</summary>
    public DateTimeOffset Until => At + IdempotencyLedger.Lifetime;

    /// <summary>That of a text, which is known to be a key.</summary>
    /// <param name="scope">Whose it is.</param>
    /// <param name="text">The key.</param>
    /// <param name="fingerprint">A hash of what makes two requests the same.</param>
    /// <param name="at">When it was asked.</param>
    /// <param name="mostADay">How many such keys one may take in a day.</param>
    public static RequestKey Of(string scope, string text, string fingerprint, DateTimeOffset at, int mostADay) =>
        new(scope, IdempotencyLedger.HashOf(IdempotencyLedger.Merchant, text), fingerprint, at, mostADay);

    /// <summary>As a grain's state carries it.</summary>
    /// <param name="subject">The id of what is the answer.</param>
    public IdempotencyKeyEntry EntryOf(string subject) => new(Hash, Fingerprint, subject, Until, Scope, At);

    /// <summary>What was made under the key; an error where it was another request.</summary>
    /// <param name="before">What is stored under it.</param>
    public Result<string> AnswerOf(IdempotencyKeyEntry before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return IdempotencyLedger.Answer(before.Subject, before.Fingerprint == Fingerprint);
    }

    /// <summary>When the request that took a key was made.</summary>
    /// <param name="taken">What is stored under it.</param>
    public static DateTimeOffset TakenAt(IdempotencyKeyEntry taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        return taken.Until - IdempotencyLedger.Lifetime;
    }

    /// <summary>
    /// That of a request which takes something away: it may have as many again, so that nobody uses up what others need to do so.
    /// </summary>
    public RequestKey ToTakeAway() => this with { MostADay = 2 * MostADay };

    /// <summary>That a request under the same key goes on.</summary>
    public static Error InUse => IdempotencyLedger.InUse;
}
