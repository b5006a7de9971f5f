using Microsoft.Extensions.DependencyInjection;

namespace StellarPay.Grains.Failures;

/// <summary>Ends an activation that cannot serve.</summary>
public static class GrainContextExtensions
{
    /// <summary>
    /// Ends an activation whose state could not be read or that could not be set up, and answers the calls that wait for it
    /// now. The first reason that an activation is told counts: Orleans' own comes after it and changes nothing.
    /// </summary>
    /// <param name="context">The activation.</param>
    /// <param name="cause">What failed.</param>
    /// <param name="what">What it was, for the log.</param>
    public static void RefuseCalls(this IGrainContext context, Exception cause, string what)
    {
        ArgumentNullException.ThrowIfNull(context);
        var travels = context.ActivationServices.GetService<ICallFailures>()?.Report(cause, $"{what} of {context.GrainId}") ?? cause;
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ActivationFailed, travels, "The activation could not begin."));
    }
}
