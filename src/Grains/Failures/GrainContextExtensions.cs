using Microsoft.Extensions.DependencyInjection;

namespace StellarPay.Grains.Failures;

/// <summary>Ends an activation that cannot serve.</summary>
public static class GrainContextExtensions
{
    /// <summary>
    /// Ends an activation whose state could not be read or that could not be set up, and answers the calls that wait for it
    /// now. The first reason that an activation is told counts: Orleans' own comes after it and changes nothing.
    /// </summary>
    /// <remarks>
    /// Not on the activation's own scheduler: to deactivate is to cancel the activation that is under way, and there its
    /// continuation would run at once, inside of Orleans' Deactivate, and end the activation. Deactivate would then go on, set
    /// what has ended to "deactivating" for good, and who waits would never be answered.
    /// </remarks>
    /// <param name="context">The activation.</param>
    /// <param name="cause">What failed.</param>
    /// <param name="what">What it was, for the log.</param>
    public static Task RefuseCallsAsync(this IGrainContext context, Exception cause, string what)
    {
        ArgumentNullException.ThrowIfNull(context);
        var travels = context.ActivationServices.GetService<ICallFailures>()?.Report(cause, $"{what} of {context.GrainId}") ?? cause;
        var reason = new DeactivationReason(DeactivationReasonCode.ActivationFailed, travels, "The activation could not begin.");
        return Task.Run(() => context.Deactivate(reason));
    }
}
