using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Idempotency;

/// <summary>
/// What is answered to a repeat of a request whose answer had a secret: that it was done, and to what. The secret is nowhere from where it
/// could be shown again, and who repeats a request need not be who made it.
/// </summary>
internal static class ShownSecret
{
    /// <summary>That refusal.</summary>
    /// <param name="replay">The request.</param>
    /// <param name="what">What it is, as a reader calls it.</param>
    /// <param name="path">Where that is.</param>
    public static IResult Of(Replay replay, string what, string path)
    {
        replay.Context.Response.Headers.Location = path;
        return Problem.Of(new Error(
            ErrorKind.Conflict, "secret_already_shown",
            $"This was done: it is {what} {replay.Subject}, and its secret was in the answer to the first request under this key. "
            + "It is shown once. If that answer was lost, have it exchanged, under a new key and with an overlap: a secret of before that "
            + "still holds goes on to its end, and the lost one is replaced.",
            IdempotencyKey.Header));
    }
}
