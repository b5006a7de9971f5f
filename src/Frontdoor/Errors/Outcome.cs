using StellarPay.Grains.Failures;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Errors;

/// <summary>
/// Calls that must not be made twice. A grain that gives no answer may have done what it was asked, and go on with it: who is told
/// "try again" then, and does so otherwise than under the same key, pays twice.
/// </summary>
internal static class Outcome
{
    /// <summary>The grain's answer.</summary>
    /// <param name="call">Asks the grain; whatever is only looked up comes before.</param>
    /// <param name="payment">The payment that it is about, where that has an id already.</param>
    /// <exception cref="OutcomeUnknownException">There is no answer, and it may have begun.</exception>
    public static async Task<T> OfAsync<T>(Func<Task<T>> call, PaymentId? payment = null)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not NotBegunException && ExceptionProblems.IsPassing(e))
        {
            throw new OutcomeUnknownException(payment?.Value, e);
        }
    }
}
