using Orleans.Storage;
using StellarPay.Grains.Failures;

namespace StellarPay.Silo.Hosting.Failures;

/// <summary>Turns what a grain's method throws into what may leave the silo; the cause stays in the silo's log.</summary>
internal sealed class CallFailureFilter(ICallFailures failures) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception exception) when (context.TargetContext?.GrainInstance is Grain)
        {
            var travels = failures.Report(exception, $"The call {context.InterfaceName}.{context.MethodName} of {context.TargetId}");
            if (exception is InconsistentStateException)
            {
                // The runtime knows this one, and ends the activation.
                throw;
            }

            throw travels;
        }
    }
}
